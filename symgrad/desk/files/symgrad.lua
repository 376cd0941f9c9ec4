-- Pandoc and Quarto: a block ```symgrad is a derivative, `symgrad: power 1.5 149 digits=3` a number.
-- All of them are asked in one call of the command symgrad, which is on the PATH or in SYMGRAD_COMMAND.
-- Quarto numbers equations and finds @eq-label; under pandoc alone this filter does.

local command = os.getenv("SYMGRAD_COMMAND") or "symgrad"
local separator = "\30"
local asked, answers, numbers = {}, {}, {}
local in_quarto = quarto ~= nil

local function folder()
  local input = PANDOC_STATE.input_files[1] or ""
  return input:match("^(.*)[/\\][^/\\]*$") or "."
end

local function is_number(text)
  return text:match("^symgrad:%s*(.-)%s*$")
end

local collect = {
  CodeBlock = function(block)
    if block.classes:includes("symgrad") then asked[#asked + 1] = block.text end
  end,
  Code = function(code)
    local request = is_number(code.text)
    if request then asked[#asked + 1] = request end
  end,
}

local function ask()
  local input = table.concat(asked, separator)
  local arguments = { "respond", "--format", "markdown", "--labels", "quarto", "--folder", folder() }
  local done, output = pcall(pandoc.pipe, command, arguments, input)
  if not done then
    local code = type(output) == "table" and output.error_code or nil
    error(code and ("symgrad stopped with exit code " .. code .. ": see its message above") or
      ("there is no command " .. command .. ": install symgrad, or name it in SYMGRAD_COMMAND"), 0)
  end
  local found = {}
  for text in (output .. separator):gmatch("(.-)" .. separator) do found[#found + 1] = text end
  if #found ~= #asked then error("symgrad gave " .. #found .. " answers to " .. #asked .. " questions", 0) end
  for n, request in ipairs(asked) do answers[request] = found[n] end
end

-- a paragraph that is one displayed equation with {#eq-label} behind it
local function labelled(para)
  local c = para.content
  if #c == 3 and c[1].t == "Math" and c[1].mathtype == "DisplayMath" and c[3].t == "Str" then
    return c[1], c[3].text:match("^{#(.+)}$")
  end
end

local count = 0
local number_equations = {
  Para = function(para)
    local math, label = labelled(para)
    if not label then return nil end
    count = count + 1
    numbers[label] = count
    if FORMAT:match("latex") or FORMAT:match("beamer") then
      local body = math.text:gsub("^%s+", ""):gsub("%s+$", "")
      return pandoc.RawBlock("latex", "\\begin{equation}\\label{" .. label .. "}\n" .. body .. "\n\\end{equation}")
    end
    local tagged = pandoc.Math("DisplayMath", math.text .. " \\tag{" .. count .. "}")
    return pandoc.Para({ pandoc.Span({ tagged }, pandoc.Attr(label)) })
  end,
}

local find_references = {
  Cite = function(cite)
    local id = #cite.citations == 1 and cite.citations[1].id
    if not id or not numbers[id] then return nil end
    if FORMAT:match("latex") or FORMAT:match("beamer") then
      return pandoc.RawInline("latex", "\\eqref{" .. id .. "}")
    end
    return pandoc.Link({ pandoc.Str("(" .. numbers[id] .. ")") }, "#" .. id)
  end,
}

local put_in = {
  CodeBlock = function(block)
    if block.classes:includes("symgrad") then
      return pandoc.read(answers[block.text], "markdown").blocks
    end
  end,
  Code = function(code)
    local request = is_number(code.text)
    if request then return pandoc.read(answers[request], "markdown").blocks[1].content end
  end,
}

return {
  {
    Pandoc = function(document)
      pandoc.walk_block(pandoc.Div(document.blocks), collect)
      if #asked == 0 then return nil end
      ask()
      local body = pandoc.walk_block(pandoc.Div(document.blocks), put_in)
      if not in_quarto then
        body = pandoc.walk_block(body, number_equations)
        body = pandoc.walk_block(body, find_references)
      end
      document.blocks = body.content
      return document
    end,
  },
}

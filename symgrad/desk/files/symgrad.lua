-- Pandoc and Quarto: a block ```symgrad is a derivative, `symgrad: power 1.5 149 digits=3` a number.
-- All of them are asked in one call of the command symgrad, which is on the PATH or in SYMGRAD_COMMAND.
-- ```symgrad with a line "figure rnn.eq steps=3 label=fig:rnn caption=..." is a picture: TikZ in LaTeX, else SVG.
-- Quarto numbers equations and figures, and finds @eq-label and @fig-label; under pandoc alone this filter does.

local command = os.getenv("SYMGRAD_COMMAND") or "symgrad"
local separator = "\30"
local asked, answers, numbers = {}, {}, {}
local in_quarto = quarto ~= nil
local in_latex = FORMAT:match("latex") or FORMAT:match("beamer")
local in_html = FORMAT:match("html") or FORMAT:match("epub")

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
  local arguments = { "respond", "--format", "markdown", "--labels", "quarto", "--folder", folder(),
    "--pictures", in_latex and "tikz" or "svg" }
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

local function number(label, shown)
  if numbers[label] then error("the label " .. label .. " is given twice", 0) end
  numbers[label] = shown
end

local count, figures = 0, 0

local function number_equation(para)
  local math, label = labelled(para)
  if not label then return nil end
  count = count + 1
  number(label, "(" .. count .. ")")
  if in_latex then
    local body = math.text:gsub("^%s+", ""):gsub("%s+$", "")
    return pandoc.RawBlock("latex", "\\begin{equation}\\label{" .. label .. "}\n" .. body .. "\n\\end{equation}")
  end
  local shown = pandoc.Str("(" .. count .. ")")
  if in_html then -- beside the formula, for not every way to show mathematics has numbers
    local formula = pandoc.Div({ pandoc.Para({ math }) }, pandoc.Attr("", {}, { style = "flex: 1" }))
    local style = "display: flex; align-items: center"
    return pandoc.Div({ formula, pandoc.Plain({ shown }) }, pandoc.Attr(label, {}, { style = style }))
  end
  return pandoc.Para({ pandoc.Span({ math, pandoc.Space(), shown }, pandoc.Attr(label)) })
end

-- a figure as Quarto has it: a division #fig-label, whose last paragraph is the caption
local function number_figure(div)
  if not div.identifier:match("^fig%-") then return nil end
  local blocks = pandoc.List(div.content)
  local caption = blocks:remove()
  if not caption or not caption.content then return nil end
  figures = figures + 1
  number(div.identifier, "Figure " .. figures)
  local words = pandoc.List(caption.content)
  if in_latex then
    words:insert(1, pandoc.RawInline("latex", "\\caption{"))
    words:insert(pandoc.RawInline("latex", "}\\label{" .. div.identifier .. "}"))
    blocks:insert(1, pandoc.RawBlock("latex", "\\begin{figure}[htbp]\n\\centering"))
    blocks:insert(pandoc.Plain(words))
    blocks:insert(pandoc.RawBlock("latex", "\\end{figure}"))
    return blocks
  end
  words:insert(1, pandoc.Str("Figure " .. figures .. ": "))
  if in_html then
    blocks:insert(1, pandoc.RawBlock("html", '<figure id="' .. div.identifier .. '">'))
    blocks:insert(pandoc.RawBlock("html", "<figcaption>"))
    blocks:insert(pandoc.Plain(words))
    blocks:insert(pandoc.RawBlock("html", "</figcaption></figure>"))
    return blocks
  end
  blocks:insert(pandoc.Para(words))
  return pandoc.Div(blocks, pandoc.Attr(div.identifier))
end

local number_all = { Para = number_equation, Div = number_figure }

local find_references = {
  Cite = function(cite)
    local id = #cite.citations == 1 and cite.citations[1].id
    if id and not numbers[id] and (id:match("^eq%-") or id:match("^fig%-")) then
      io.stderr:write("symgrad: nothing has the label of @" .. id .. "\n")
    end
    if not id or not numbers[id] then return nil end
    if in_latex then
      local command = id:match("^fig%-") and "Figure~\\ref{" or "\\eqref{"
      return pandoc.RawInline("latex", command .. id .. "}")
    end
    return pandoc.Link({ pandoc.Str(numbers[id]) }, "#" .. id)
  end,
}

-- what Quarto calls fig-alt, the words for who cannot see a picture, pandoc takes from within its brackets
local put_alt = {
  Image = function(image)
    local alt = image.attributes["fig-alt"]
    if not alt or #image.caption > 0 then return nil end
    image.attributes["fig-alt"] = nil
    image.caption = { pandoc.Str(alt) }
    return image
  end,
}

local function load_tikz(meta)
  local before = meta["header-includes"]
  local includes = pandoc.List(before and (before.t == "MetaList" or #before > 0) and before or {})
  includes:insert(pandoc.MetaBlocks({ pandoc.RawBlock("latex", "\\usepackage{tikz}") }))
  meta["header-includes"] = pandoc.MetaList(includes)
end

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
      for _, block in ipairs(document.blocks) do -- in the order of the document
        pandoc.walk_block(pandoc.Div({ block }), collect)
      end
      if #asked == 0 then return nil end
      ask()
      local body = pandoc.walk_block(pandoc.Div(document.blocks), put_in)
      if not in_quarto then
        body = pandoc.walk_block(body, number_all)
        body = pandoc.walk_block(body, find_references)
        body = pandoc.walk_block(body, put_alt)
      end
      if in_latex and table.concat(asked, "\n"):match("figure") then load_tikz(document.meta) end
      document.blocks = body.content
      return document
    end,
  },
}

"""The witness "as printed": what stands on the page is read back, evaluated, and compared with backpropagation."""

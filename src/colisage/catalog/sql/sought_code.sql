-- Of a page of SKUs: those whose code begins with a text.
AND s.code_key ^@ upper(%(sought_text)s)

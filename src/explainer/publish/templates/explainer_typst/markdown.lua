-- Markdown as pandoc reads it, in Typst that shows exactly the same characters.
--
-- Typst gives a meaning to most punctuation (#, $, @, *, _, --, ..., ~, //), and pandoc's writer escapes
-- only some of it. So a word made of letters and digits goes through as it is, and every other word
-- becomes a Typst string literal: an allow-list, which no unusual text can slip past.

local TOKEN = "\u{E000}(%d+)\u{E001}" -- an inline command, numbered by the caller
local MARK = "\u{E002}" -- the boundary between two cells, as it is asked for
local BOUNDARY = "\u{E003}" -- and as it comes out, when nothing has swallowed it

local function raw(code)
  return pandoc.RawInline("typst", code)
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

local function words(text)
  if text == "" then
    return nil
  end
  if text:match("^[%w\128-\255]+,?$") or text:match("^[%a\128-\255][%w\128-\255]*%.$") then
    return raw(text)
  end
  return raw("#" .. quoted(text) .. ";")
end

-- Text with the caller's tokens in it; a token stays as it is, for the caller to replace.
local function pieces(text)
  local found, from = pandoc.List(), 1
  while true do
    local first, last = text:find(TOKEN, from)
    found:insert(words(text:sub(from, (first or 0) - 1)))
    if not first then
      return found
    end
    found:insert(raw(text:sub(first, last)))
    from = last + 1
  end
end

local function is_html(inline)
  return inline.t == "RawInline" and inline.format == "html"
end

-- Raw HTML is limited to <span lang="..">; a comment is nothing; all else is shown as the text that it is.
local function mark_languages(inlines)
  local open, role = {}, {}
  for i, inline in ipairs(inlines) do
    if is_html(inline) and inline.text:match('^<span%s+lang="[%a-]+"%s*>$') then
      table.insert(open, i)
    elseif is_html(inline) and inline.text:match("^</span%s*>$") and #open > 0 then
      local start = table.remove(open)
      role[start] = raw('#foreign("' .. inlines[start].text:match('"([%a-]+)"') .. '")[')
      role[i] = raw("];")
    end
  end
  return role
end

function Inlines(inlines)
  local role, result = mark_languages(inlines), pandoc.List()
  for i, inline in ipairs(inlines) do
    if role[i] then
      result:insert(role[i])
    elseif not is_html(inline) then
      result:insert(inline)
    elseif inline.text:match("^<!%-%-.*%-%->$") then
      result:insert(pandoc.RawInline("comment", inline.text)) -- for Header; no writer prints it
    else
      result:extend(pieces(inline.text))
    end
  end
  return result
end

function Str(str)
  return pieces(str.text)
end

function Code(code)
  return raw("#raw(" .. quoted(code.text:gsub(TOKEN, "")) .. ");")
end

function CodeBlock(block)
  return pandoc.RawBlock("typst", "#raw(block: true, " .. quoted(block.text:gsub(TOKEN, "")) .. ")")
end

function Link(link)
  local inside = pandoc.List()
  if link.target:match("^https?://") or link.target:match("^mailto:") then
    inside:insert(raw("#link(" .. quoted(link.target) .. ")["))
  elseif link.target:match("^#.") then
    inside:insert(raw("#xref(" .. quoted(link.target:sub(2)) .. ")["))
  else
    return link.content -- no other address means anything on paper
  end
  inside:extend(link.content)
  inside:insert(raw("];"))
  return inside
end

function Image(image)
  return image.caption
end

function RawBlock(block)
  if block.format ~= "html" then
    return nil
  end
  local text = block.text:gsub("<!%-%-.-%-%->", "")
  return text:match("%S") and pandoc.Para(pieces(text)) or {}
end

function Para(para)
  if #para.content == 1 and para.content[1].text == MARK then
    return pandoc.RawBlock("typst", BOUNDARY)
  end
end

-- A heading becomes a call, with the anchor that its comment `<!-- #anchor -->` names.
function Header(header)
  local anchor, content = "", pandoc.List()
  for _, inline in ipairs(header.content) do
    if inline.t == "RawInline" and inline.format == "comment" then
      anchor = inline.text:match("^<!%-%-%s*#([%w%-]+)%s*%-%->$") or anchor
    else
      content:insert(inline)
    end
  end
  while #content > 0 and content[#content].t == "Space" do
    content:remove()
  end
  content:insert(1, raw("#section(" .. header.level .. ", " .. quoted(anchor) .. ")["))
  content:insert(raw("]"))
  return pandoc.Plain(content)
end

function HorizontalRule()
  return pandoc.RawBlock("typst", "#separator")
end

#include "server/multipart.h"

#include <algorithm>

#include "api/header.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

Error bad(std::string message) {
  return {Errc::BadInput, std::move(message), "multipart"};
}

Error bad_part(std::size_t index, std::string message) {
  return {Errc::BadInput, std::move(message), "multipart: part " + std::to_string(index)};
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes a quoted string, its opening quote already seen, off `rest`. Browsers and SDKs escape a quote as \" or as %22;
// a backslash before anything else is itself, because old clients send Windows paths.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    const bool escapes = c == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    if (escapes) ++i;
    if (rest.substr(i, 3) == "%22") {
      value += '"';
      i += 2;
    } else {
      value += rest[i];
    }
  }
  return std::nullopt;
}

// The parameter `name` of a header value such as `form-data; name="file"; filename="a.txt"`. Nothing when it is not
// there or its quotes do not close.
std::optional<std::string> find_parameter(std::string_view header, std::string_view name) {
  std::string_view rest = header.substr(std::min(header.find(';'), header.size()));
  while (!rest.empty()) {
    rest = trimmed(rest.substr(1));  // the ';'
    const std::size_t end = rest.find_first_of("=;");
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view key = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    if (rest.front() == ';') continue;
    rest = trimmed(rest.substr(1));  // the '='
    std::optional<std::string> value;
    if (rest.starts_with('"')) {
      value = take_quoted(rest);
      if (!value) return std::nullopt;
    } else {
      value = std::string(trimmed(rest.substr(0, rest.find(';'))));
    }
    if (equal_ignoring_case(key, name)) return value;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return std::nullopt;
}

// One boundary line in the body: where the part before it ends, where the text behind it begins.
struct Delimiter {
  std::size_t begin = 0;  // of the line break that belongs to it
  std::size_t end = 0;    // behind its own line break
  bool is_closing = false;
};

// The next line from `from` on that is the boundary. What merely begins like it is content.
std::optional<Delimiter> find_delimiter(std::string_view body, std::string_view dashes, std::size_t from) {
  for (std::size_t at = body.find(dashes, from); at != std::string_view::npos; at = body.find(dashes, at + 1)) {
    const bool starts_line = at == 0 || (at >= 2 && body.substr(at - 2, 2) == "\r\n" && at - 2 >= from);
    if (!starts_line) continue;
    std::size_t end = at + dashes.size();
    const std::size_t begin = at == 0 ? 0 : at - 2;
    if (body.substr(end, 2) == "--") return Delimiter{begin, end + 2, true};
    while (end < body.size() && is_blank(body[end])) ++end;
    if (body.substr(end, 2) == "\r\n") return Delimiter{begin, end + 2, false};
  }
  return std::nullopt;
}

// Fills `part` from the header lines in `head`.
Result<Done> read_head(std::string_view head, std::size_t index, FormPart& part) {
  std::optional<std::string> name;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return bad_part(index,
                      "expected a header line \"Name: value\", found \"" + std::string(line.substr(0, 60)) + "\"");
    }
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equal_ignoring_case(line.substr(0, colon), "content-disposition")) {
      name = find_parameter(value, "name");
      part.filename = find_parameter(value, "filename");
    } else if (equal_ignoring_case(line.substr(0, colon), "content-type")) {
      part.content_type = value;
    }
  }
  if (!name) return bad_part(index, "expected a header Content-Disposition: form-data; name=\"...\", found none");
  part.name = std::move(*name);
  return Done{};
}

// The part in `text`, which is everything between two boundary lines. One without a body may end right after a header.
Result<FormPart> read_part(std::string_view text, std::size_t index) {
  FormPart part;
  const std::size_t blank_line = text.starts_with("\r\n") ? 0 : text.find("\r\n\r\n");
  const std::string_view head = text.substr(0, std::min(blank_line, text.size()));
  if (head.size() > kMaxPartHead) {
    return bad_part(index, "expected headers of at most " + std::to_string(kMaxPartHead) + " bytes, found " +
                               std::to_string(head.size()));
  }
  if (auto done = read_head(head, index, part); !done) return done.error();
  if (!is_utf8(part.name) || !is_utf8(part.filename.value_or(""))) {
    return bad_part(index, "expected a name and a filename in UTF-8, found other bytes");
  }
  if (blank_line != std::string_view::npos) part.body = text.substr(blank_line + 4);
  return part;
}

}  // namespace

const FormPart* Form::find(std::string_view name) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const FormPart& part) { return part.name == name; });
  return found == parts.end() ? nullptr : &*found;
}

std::vector<const FormPart*> Form::all(std::string_view name) const {
  std::vector<const FormPart*> found;
  for (const FormPart& part : parts) {
    const std::string_view own = part.name;
    if (own == name || (own.ends_with("[]") && own.substr(0, own.size() - 2) == name)) found.push_back(&part);
  }
  return found;
}

std::string media_type(std::string_view content_type) {
  std::string type(trimmed(content_type.substr(0, content_type.find(';'))));
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

Result<Form> read_form(std::string_view content_type, std::string_view body) {
  if (media_type(content_type) != "multipart/form-data") {
    return bad("expected Content-Type multipart/form-data, found \"" + std::string(content_type.substr(0, 100)) + "\"");
  }
  const auto boundary = find_parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) {
    return bad("expected a parameter boundary of 1 to 70 characters in Content-Type, found " +
               (boundary ? std::to_string(boundary->size()) : std::string("none")));
  }
  const std::string dashes = "--" + *boundary;
  auto delimiter = find_delimiter(body, dashes, 0);
  if (!delimiter) return bad("expected a line \"" + dashes + "\" in the body, found none");

  Form form;
  while (!delimiter->is_closing) {
    if (form.parts.size() == kMaxFormParts) {
      return bad("expected at most " + std::to_string(kMaxFormParts) + " parts, found more");
    }
    // From two bytes back: the line break of this boundary may also be the one before the next.
    const std::size_t begin = delimiter->end;
    const auto next = find_delimiter(body, dashes, begin - 2);
    if (!next) return bad_part(form.parts.size(), "expected a closing line \"" + dashes + "--\" behind it, found none");
    auto part = read_part(body.substr(begin, std::max(next->begin, begin) - begin), form.parts.size());
    if (!part) return part.error();
    form.parts.push_back(std::move(*part));
    delimiter = next;
  }
  return form;
}

}  // namespace mimus::server

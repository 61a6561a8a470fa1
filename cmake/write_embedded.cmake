# Writes OUTPUT, a C++ source with the text of each of FILES (separated by |) below ROOT. Run by cmake/embed.cmake.
string(REPLACE "|" ";" FILES "${FILES}")
set(text "#include \"api/embedded_data.h\"\nnamespace mimus {\nconst EmbeddedFile kEmbeddedFiles[] = {\n")
foreach(file ${FILES})
  file(READ "${ROOT}/${file}" content)
  string(APPEND text "{\"${file}\", R\"=mimus=(${content})=mimus=\"},\n")
endforeach()
string(APPEND text "{{}, {}}};\nconst std::size_t kEmbeddedFileCount = std::size(kEmbeddedFiles) - 1;\n}  // namespace mimus\n")
file(WRITE "${OUTPUT}" "${text}")

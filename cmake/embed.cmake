# mimus_embed(TARGET FOLDER SUBFOLDER...): compiles FOLDER/SUBFOLDER/**/*.json into TARGET, to be read with
# api/embedded.h under the name SUBFOLDER/.../FILE. The binary then needs no file beside it.
function(mimus_embed target folder)
  set(files)
  foreach(sub ${ARGN})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/${folder} ${folder}/${sub}/*.json)
    list(APPEND files ${found})
  endforeach()
  list(SORT files)
  set(inputs)
  foreach(file ${files})
    list(APPEND inputs ${PROJECT_SOURCE_DIR}/${folder}/${file})
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_data.cc)
  list(JOIN files "|" joined)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR}/${folder} "-DFILES=${joined}" -DOUTPUT=${output}
      -P ${PROJECT_SOURCE_DIR}/cmake/write_embedded.cmake
    DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/write_embedded.cmake
    COMMENT "Embedding ${folder}/" VERBATIM)
  # The standard only promises literals of 65,536 characters; both compilers take any.
  set_source_files_properties(${output} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE ${output})
endfunction()

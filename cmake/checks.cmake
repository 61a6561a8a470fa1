# mimus_checks(): registers what runs against the built binary or reads the sources, under the labels e2e and check.
# Set up by scripts/test, which installs node and the clients first.

# mimus_e2e(NAME FILE [ENVIRONMENT...]): scripts/e2e/FILE.test.mjs against the binary of this build.
function(mimus_e2e name file)
  add_test(NAME e2e.${name} COMMAND ${MIMUS_NODE} --test ${PROJECT_SOURCE_DIR}/scripts/e2e/${file}.test.mjs)
  set_tests_properties(e2e.${name} PROPERTIES LABELS e2e TIMEOUT 300
    ENVIRONMENT "MIMUS_BINARY=$<TARGET_FILE:mimus>;${ARGN}")
endfunction()

function(mimus_checks)
  find_program(MIMUS_NODE NAMES node nodejs REQUIRED)
  find_program(MIMUS_CLANG_FORMAT clang-format)

  # Preloaded into the servers of the end-to-end tests, so that what they send can be judged.
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    add_library(mimus_tap MODULE scripts/e2e/tap/tap.cc)
    mimus_options(mimus_tap)
    target_link_libraries(mimus_tap PRIVATE ${CMAKE_DL_LIBS})
  endif()

  # The official client in its two majors, over both executors of a Delivery, plain and with TLS.
  mimus_e2e(openai openai_chat)
  mimus_e2e(openai_6 openai_chat MIMUS_E2E_CLIENT=openai)
  mimus_e2e(openai_threads openai_chat MIMUS_E2E_TRANSPORT=threads)
  mimus_e2e(openai_errors openai_errors)
  mimus_e2e(openai_errors_6 openai_errors MIMUS_E2E_CLIENT=openai)
  mimus_e2e(openai_errors_threads openai_errors MIMUS_E2E_TRANSPORT=threads)
  mimus_e2e(limits_6 limits MIMUS_E2E_CLIENT=openai)
  mimus_e2e(responses openai_responses)
  mimus_e2e(responses_6 openai_responses MIMUS_E2E_CLIENT=openai)
  mimus_e2e(responses_threads openai_responses MIMUS_E2E_TRANSPORT=threads)
  mimus_e2e(audio openai_audio)
  mimus_e2e(audio_6 openai_audio MIMUS_E2E_CLIENT=openai)
  mimus_e2e(audio_threads openai_audio MIMUS_E2E_TRANSPORT=threads)
  mimus_e2e(gemini gemini)
  mimus_e2e(gemini_threads gemini MIMUS_E2E_TRANSPORT=threads)
  mimus_e2e(record_threads record MIMUS_E2E_TRANSPORT=threads)
  mimus_e2e(fixtures_threads fixtures MIMUS_E2E_TRANSPORT=threads)
  set(certificate ${CMAKE_CURRENT_BINARY_DIR}/e2e)
  add_test(NAME e2e.certificate COMMAND ${PROJECT_SOURCE_DIR}/scripts/e2e/make_certificate ${certificate})
  set_tests_properties(e2e.certificate PROPERTIES LABELS e2e FIXTURES_SETUP certificate)
  mimus_e2e(openai_tls openai_chat MIMUS_E2E_TRANSPORT=tls MIMUS_E2E_CERTIFICATE=${certificate}
    NODE_EXTRA_CA_CERTS=${certificate}/cert.pem)
  set_tests_properties(e2e.openai_tls PROPERTIES FIXTURES_REQUIRED certificate)

  foreach(file openai_media openai_files)
    mimus_e2e(${file} ${file})
    mimus_e2e(${file}_6 ${file} MIMUS_E2E_CLIENT=openai)
  endforeach()

  foreach(file ai_sdk langchain sdk_media schema_instances determinism golden command_line vendors bad_input
          control control_manual dialects limits fixtures record check_serve
          check_html check_interrupt check_targets check_upstream deviations loopback loopback_deviations peers)
    mimus_e2e(${file} ${file})
  endforeach()
  # MIMUS_OPENAPI names OpenAI's own description of its API. With it the servers of all other tests are judged, too.
  mimus_e2e(openapi openapi)
  mimus_e2e(openapi_strict openapi_strict)
  set_tests_properties(e2e.openapi e2e.openapi_strict PROPERTIES SKIP_REGULAR_EXPRESSION "left out: MIMUS_OPENAPI")
  set_tests_properties(e2e.check_html PROPERTIES SKIP_REGULAR_EXPRESSION "left out: no chromium")
  # One hour of traffic, simulated.
  mimus_e2e(memory memory)

  mimus_e2e(readme readme)
  set_tests_properties(e2e.readme PROPERTIES RUN_SERIAL TRUE)

  add_test(NAME check.sources COMMAND ${MIMUS_NODE} --test ${PROJECT_SOURCE_DIR}/scripts/e2e/sources.test.mjs)
  set_tests_properties(check.sources PROPERTIES LABELS check)
  if(MIMUS_CLANG_FORMAT)
    add_test(NAME check.format COMMAND ${PROJECT_SOURCE_DIR}/scripts/format --check)
    set_tests_properties(check.format PROPERTIES LABELS check)
  endif()
  add_test(NAME check.install COMMAND ${PROJECT_SOURCE_DIR}/scripts/check_install ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(check.install PROPERTIES LABELS check)
endfunction()

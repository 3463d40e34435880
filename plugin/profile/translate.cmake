# SPDX-License-Identifier: GPL-2.0-or-later
#
# cmake -D FROM=FOLDER -D NAMES=FILE -D TO=FOLDER -P translate.cmake: a copy of a profile with the
# names of its colouring rules, buttons and columns in another language.

foreach(word FROM NAMES TO)
  if(NOT DEFINED ${word})
    message(FATAL_ERROR "translate.cmake: ${word} is missing")
  endif()
  get_filename_component(${word} "${${word}}" ABSOLUTE)
endforeach()

file(STRINGS ${NAMES} pairs ENCODING UTF-8 REGEX "^[^#=]+=")
file(GLOB files RELATIVE ${FROM} "${FROM}/*")
if(NOT pairs OR NOT files)
  message(FATAL_ERROR "translate.cmake: nothing in ${NAMES} or in ${FROM}")
endif()
foreach(file IN LISTS files)
  file(READ "${FROM}/${file}" text)
  foreach(pair IN LISTS pairs)
    string(FIND "${pair}" "=" equals)
    string(SUBSTRING "${pair}" 0 ${equals} name)
    math(EXPR after "${equals} + 1")
    string(SUBSTRING "${pair}" ${after} -1 translated)
    if(file STREQUAL "colorfilters")
      string(REPLACE "\n@${name}@" "\n@${translated}@" text "${text}")
    elseif(file MATCHES "^(dfilter_buttons|preferences)$")
      string(REPLACE "\"${name}\"" "\"${translated}\"" text "${text}")
    endif()
  endforeach()
  file(WRITE "${TO}/${file}" "${text}")
endforeach()

# SPDX-License-Identifier: MIT
#
# Sets PYTHON to a Python 3 that has jsonschema: the one on the PATH, or the
# system's, for which Debian packages python3-jsonschema.
if(NOT PYTHON)
    find_program(python_on_path python3)
    foreach(candidate IN ITEMS ${python_on_path} /usr/bin/python3)
        # The path of the interpreter itself: what is on the PATH may be a script that searches for it each time.
        execute_process(COMMAND ${candidate} -c "import jsonschema, sys; print(sys.executable)"
            RESULT_VARIABLE status OUTPUT_VARIABLE itself OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
        if(status EQUAL 0 AND itself)
            set(PYTHON ${itself} CACHE FILEPATH "Python 3 with jsonschema, for the tests")
            break()
        endif()
    endforeach()
endif()
if(NOT PYTHON)
    message(FATAL_ERROR "The tests need Python 3 with jsonschema (Debian: python3-jsonschema); "
        "configure with -DBUILD_TESTING=OFF to build without tests.")
endif()

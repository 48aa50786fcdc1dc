# SPDX-License-Identifier: MIT
#
# The module `bounce` for Python: python/bounce, and what tools/python-module makes from
# bounce.h. It is put together in python/ of the build folder, from where it can be used:
#
#   PYTHONPATH=build/release/python BOUNCE_LIBRARY=build/release/libbounce/libbounce.so.0 python3
#
# It needs a Python that has cffi, but no compiler; without cffi, there is no module.
if(NOT BOUNCE_PYTHON_MODULE)
    return()
endif()
if(NOT BOUNCE_CFFI_PYTHON)
    foreach(candidate IN ITEMS /usr/bin/python3 ${BOUNCE_PYTHON})
        execute_process(COMMAND ${candidate} -c "import cffi, sys; assert sys.version_info >= (3, 10)"
            RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
        if(status EQUAL 0)
            set(BOUNCE_CFFI_PYTHON ${candidate} CACHE FILEPATH "Python 3.10 or newer with cffi, for the module of Python")
            break()
        endif()
    endforeach()
endif()
if(NOT BOUNCE_CFFI_PYTHON OR NOT BUILD_SHARED_LIBS)
    message(STATUS "No module for Python: it needs cffi (Debian: python3-cffi) and the shared library.")
    return()
endif()

# Below the prefix, where that Python looks: in /usr/local, Debian's looks in a folder for its version.
execute_process(
    COMMAND ${BOUNCE_CFFI_PYTHON} -c "import os, sysconfig as s; print('lib/python%s/%s' % (s.get_python_version(), os.path.basename(s.get_path('purelib'))))"
    OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE)
set(BOUNCE_PYTHON_MODULES ${folder} CACHE STRING "Where Python looks for modules, below the prefix")

set(python_module ${PROJECT_BINARY_DIR}/python/bounce)
file(GLOB python_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/python/bounce/*.py)
add_custom_command(
    OUTPUT ${python_module}/made
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${python_module}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${python_module}
    COMMAND ${CMAKE_COMMAND} -E copy ${python_sources} ${PROJECT_SOURCE_DIR}/python/bounce/py.typed ${python_module}
    COMMAND ${BOUNCE_CFFI_PYTHON} ${PROJECT_SOURCE_DIR}/tools/python-module ${PROJECT_SOURCE_DIR} ${python_module}
    COMMAND ${CMAKE_COMMAND} -E touch ${python_module}/made
    DEPENDS ${python_sources} ${PROJECT_SOURCE_DIR}/python/bounce/py.typed ${PROJECT_SOURCE_DIR}/tools/python-module
        ${PROJECT_SOURCE_DIR}/libbounce/bounce.h
    COMMENT "Making the module for Python"
    VERBATIM)
add_custom_target(python_module ALL DEPENDS ${python_module}/made)
install(DIRECTORY ${python_module} DESTINATION ${BOUNCE_PYTHON_MODULES}
    FILES_MATCHING PATTERN "*.py" PATTERN "py.typed" PATTERN "__pycache__" EXCLUDE)

// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace brink {

/// What kind of thing went wrong; decides the exit status and the icon, never the wording.
enum class ErrorCode {
    Io,          ///< a file cannot be read or written
    Format,      ///< a file was read and is not what it claims to be
    Shape,       ///< sizes of two things do not fit
    Domain,      ///< a value is outside its range
    Unsupported, ///< a request this program refuses or cannot serve
    Resource,    ///< out of memory, disk or time
    Usage,       ///< a wrong command line or parameter name (exit status 2)
};

/// The one exception of the project: a code and one plain sentence that says what to do.
/// Thrown in core, caught once at the job border or in main.
class Error : public std::exception {
public:
    Error(ErrorCode code, std::string message) : m_code(code), m_message(std::move(message)) {}

    [[nodiscard]] ErrorCode code() const noexcept { return m_code; }
    [[nodiscard]] const std::string& message() const noexcept { return m_message; }
    [[nodiscard]] const char* what() const noexcept override { return m_message.c_str(); }

    /// The same error with "context: " in front, e.g. a file name.
    [[nodiscard]] Error withContext(std::string_view context) const
    {
        return Error(m_code, std::string(context) + ": " + m_message);
    }

private:
    ErrorCode m_code;
    std::string m_message;
};

} // namespace brink

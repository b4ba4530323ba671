// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace sotto::engine {

/// What kind of failure an Error is; the caller may branch on it.
enum class ErrorCode {
    InvalidArgument, ///< a value given by the caller or the settings is wrong
    AddressInUse,    ///< a listen address belongs to another process
    PermissionDenied,
    SystemFailure, ///< the operating system refused for another reason
    TlsFailure,    ///< certificates or TLS settings could not be used
    NotFound,
};

/// A failure as a value. No exception crosses the engine's boundary.
struct Error {
    ErrorCode code = ErrorCode::SystemFailure;
    std::string subject; ///< what it is about: an address, an upstream, a file
    std::string detail;  ///< what is wrong with it, as a phrase for people

    /// "subject: detail", or the detail alone.
    std::string message() const { return subject.empty() ? detail : subject + ": " + detail; }
};

/// Either a value or an Error. Reading the side that is not there is a programming error.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value)
        : m_content(std::in_place_index<0>, std::move(value)) {}
    Result(Error error)
        : m_content(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_content.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() { return std::get<0>(m_content); }
    const T& value() const { return std::get<0>(m_content); }
    T take() { return std::move(std::get<0>(m_content)); }
    const Error& error() const { return std::get<1>(m_content); }

private:
    std::variant<T, Error> m_content;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error)) {}

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const {
        assert(m_error);
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace sotto::engine

// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/filebytes.h"

#include <QString>
#include <QTemporaryDir>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace brink::test {

/// A folder that vanishes with the test.
class Scratch {
public:
    [[nodiscard]] std::string path(const std::string& name) const { return m_folder.filePath(QString::fromStdString(name)).toStdString(); }

    std::string write(const std::string& name, ByteView bytes) const
    {
        AtomicFile file(path(name));
        file.write(bytes.data(), bytes.size());
        file.commit();
        return path(name);
    }
    std::string write(const std::string& name, std::string_view text) const
    {
        return write(name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
    std::string write(const std::string& name, std::initializer_list<int> values) const
    {
        return write(name, ByteView(Bytes(values.begin(), values.end())));
    }

private:
    QTemporaryDir m_folder;
};

/// The project's error thrown by a call, empty when it returns. Any other exception fails the test.
template <typename Call>
std::optional<Error> errorOf(Call&& call)
{
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

} // namespace brink::test

/// The call throws Error with this code and a message that contains the text.
#define verifyError(call, expectedCode, text)                                                                          \
    do {                                                                                                               \
        const auto caught = brink::test::errorOf([&] { (void)(call); });                                               \
        QVERIFY2(caught, "no error was thrown by " #call);                                                             \
        QVERIFY2(QString::fromStdString(caught->message()).contains(QString::fromUtf8(text)), caught->message().c_str()); \
        QCOMPARE(int(caught->code()), int(expectedCode));                                                              \
    } while (false)

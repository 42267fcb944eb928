// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/torchruntime.h"
#include "tests/core/model/tinymodels_torch.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

const char* const doubling = "def forward(self, x):\n  return torch.flatten(x, 1)[:, :5] * 2.0\n";

/// The message and code with which a file is refused.
struct Refusal {
    QString message;
    ErrorCode code = ErrorCode::Usage;
};

std::optional<Refusal> refusal(const QString& path, const LoadOptions& options = {.calibrateBatch = false})
{
    try {
        static_cast<void>(loadClassifier(path.toStdString(), options));
        return std::nullopt;
    } catch (const Error& error) {
        return Refusal{QString::fromStdString(error.message()), error.code()};
    }
}

} // namespace

/// Every file that is not a usable classifier is refused with one sentence that names it and says what to do.
class TestModelFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        configureTorch(1, 1);
        smallConvolutional().save(path("good.pt").toStdString());
        QFile file(path("good.pt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_good = file.readAll();
    }

    void otherFormatsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("part");
        QTest::addRow("empty") << QByteArray() << "empty";
        QTest::addRow("text") << QByteArray("hello\nworld\n") << "a text file";
        QTest::addRow("pickle of torch 1.5") << QByteArray("\x80\x02\x8a\x0al\xfc\x9c", 7) << "torch.jit.trace";
        QTest::addRow("onnx") << QByteArray("\x08\x07\x12\x07pytorch\x1a\x03" "1.9", 17) << "ONNX";
        QTest::addRow("keras") << QByteArray("\x89HDF\r\n\x1a\n", 8) << "HDF5";
        QTest::addRow("tflite") << QByteArray("\x1c\0\0\0TFL3\0\0\0\0", 12) << "TensorFlow Lite";
        QTest::addRow("safetensors") << QByteArray("\x40\0\0\0\0\0\0\0{\"a\":1}", 15) << "safetensors";
        QTest::addRow("noise") << QByteArray("\xff\xfe\x00\x01garbage\x00", 12) << "not a TorchScript file";
        QTest::addRow("a zip signature alone") << QByteArray("PK\x03\x04", 4) << "truncated or corrupted";
    }
    void otherFormatsAreNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, part);
        const QString file = write("other.pt", bytes);
        const auto refused = refusal(file);
        QVERIFY(refused);
        QVERIFY2(refused->message.contains(part) && refused->message.startsWith(file), qPrintable(refused->message));
        QCOMPARE(refused->code, ErrorCode::Format);
    }

    void missingFilesAndFoldersAreNamed()
    {
        QVERIFY(refusal(path("nothing.pt"))->message.contains("no such file"));
        QVERIFY(refusal(m_folder.path())->message.contains("folder"));
    }

    void stateDictSaysHowToExport()
    {
        // torch.save of a dictionary: an archive with data.pkl and tensors, without code and constants.
        c10::Dict<std::string, at::Tensor> state;
        state.insert("weight", at::ones({2, 2}));
        const auto pickled = torch::jit::pickle_save(state);
        const auto refused = refusal(write("state.pt", QByteArray(pickled.data(), qsizetype(pickled.size()))));
        QVERIFY(refused);
        QVERIFY2(refused->message.contains("state_dict") && refused->message.contains("torch.jit.trace"), qPrintable(refused->message));
    }

    void everyTruncationIsRefused()
    {
        for (const double share : {0.01, 0.2, 0.5, 0.9, 0.999}) {
            const auto refused = refusal(write("short.pt", m_good.left(qsizetype(double(m_good.size()) * share))));
            QVERIFY(refused);
            QVERIFY2(refused->message.contains("truncated or corrupted"), qPrintable(refused->message));
        }
    }

    void appendedBytesAreRefused() { QVERIFY(refusal(write("long.pt", m_good + "tail"))->message.contains("corrupted")); }

    /// Either refused with a sentence, or (a hit in padding or a date) the very same model.
    void randomCorruptionsNeverHarm()
    {
        Rng rng(2026);
        const auto good = loadClassifier(path("good.pt").toStdString(), {.calibrateBatch = false});
        const at::Tensor x = at::rand({2, 1, 28, 28});
        const at::Tensor expected = Evaluator(good).logits(x);
        int refusals = 0;
        for (int i = 0; i < 200; ++i) {
            QByteArray bytes = m_good;
            const int hits = 1 + int(rng.below(3));
            for (int hit = 0; hit < hits; ++hit)
                bytes[qsizetype(rng.below(std::uint64_t(bytes.size())))] = char(rng.below(256));
            const QString file = write("hit.pt", bytes);
            if (const auto refused = refusal(file, {.cardOverrides = {{"input", {1, 28, 28}}}, .calibrateBatch = false})) {
                ++refusals;
                QVERIFY2(refused->message.contains(file), qPrintable(refused->message));
            } else {
                const auto loaded = loadClassifier(file.toStdString(), {.calibrateBatch = false});
                QVERIFY(Evaluator(loaded).logits(x).equal(expected));
            }
        }
        QVERIFY(refusals > 150);
    }

    void unfitModelsAreRefused_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("part");
        QTest::addRow("map instead of rows") << "return x" << "instead of one row of logits";
        QTest::addRow("tuple") << "return (x, x)" << "Tuple";
        QTest::addRow("dictionary") << "return {\"logits\": x}" << "Dict";
        QTest::addRow("one output") << "return torch.flatten(x, 1)[:, :1]" << "K = 1";
        QTest::addRow("rows of all images mixed") << "return torch.flatten(x).reshape(-1, 2)" << "instead of one row of logits";
        QTest::addRow("class numbers") << "return torch.argmax(torch.flatten(x, 1), 1, True).expand(-1, 5)" << "argmax";
        QTest::addRow("nan") << "return torch.flatten(x, 1)[:, :5] * float('nan')" << "NaN";
        QTest::addRow("infinite") << "return torch.flatten(x, 1)[:, :5] / 0.0" << "infinite";
        QTest::addRow("odd input") << "return torch.flatten(x, 1).reshape(x.size(0), 7, 11)[:, :, 0]" << "--input";
        QTest::addRow("reads a file") << "return torch.from_file('/etc/passwd', False, 10).unsqueeze(0) + torch.flatten(x, 1)[:, :10]"
                                      << "from_file";
        QTest::addRow("writes a file") << "torch.save(x, '/tmp/brink-must-not-exist')\n  return torch.flatten(x, 1)[:, :5]" << "save";
    }
    void unfitModelsAreRefused()
    {
        QFETCH(QString, code);
        QFETCH(QString, part);
        const QString file = path("unfit.pt");
        moduleOf(("def forward(self, x):\n  " + code + "\n").toStdString()).save(file.toStdString());
        const auto refused = refusal(file);
        QVERIFY(refused);
        QVERIFY2(refused->message.contains(part) && refused->message.startsWith(file), qPrintable(refused->message));
        QVERIFY(!QFile::exists("/tmp/brink-must-not-exist"));
    }

    void fileAccessInsideASubmethodIsFound()
    {
        auto module = moduleOf(R"(
            def helper(self, x):
                if bool(x.sum() > 1e9):
                    x = x + torch.from_file('/etc/passwd', False, 1)
                return x
            def forward(self, x):
                return torch.flatten(self.helper(x), 1)[:, :5]
        )");
        module.save(path("hidden.pt").toStdString());
        const auto refused = refusal(path("hidden.pt"));
        QVERIFY(refused);
        QCOMPARE(refused->code, ErrorCode::Unsupported);
        QVERIFY2(refused->message.contains("--trust-model"), qPrintable(refused->message));
        QVERIFY(!refusal(path("hidden.pt"), {.isTrusted = true, .calibrateBatch = false}));
    }

    void wrongCardIsNamed()
    {
        moduleOf(doubling).save(path("carded.pt").toStdString());
        QVERIFY(refusal(path("carded.pt"), {.cardOverrides = {{"inptu", {3, 32, 32}}}})->message.contains("input"));
        QVERIFY(refusal(path("carded.pt"), {.cardOverrides = {{"classes", {"a", "b"}}}, .calibrateBatch = false})->message.contains("5 classes"));
        const auto refused = refusal(path("good.pt"), {.cardOverrides = {{"input", {3, 32, 32}}}, .calibrateBatch = false});
        QVERIFY(refused);
        QVERIFY2(refused->message.contains("3x32x32"), qPrintable(refused->message));
    }

    void devicesThatAreNotThereAreNamed()
    {
        QVERIFY(refusal(path("good.pt"), {.device = "toaster"})->message.contains("toaster"));
        if (!torchRuntimeInfo().hasCuda)
            QVERIFY(refusal(path("good.pt"), {.device = "cuda"})->message.contains("no CUDA"));
    }

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write the test file");
        return path(name);
    }

    QTemporaryDir m_folder;
    QByteArray m_good;
};

QTEST_GUILESS_MAIN(TestModelFiles)
#include "tst_modelfiles.moc"

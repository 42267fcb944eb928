// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv.h"
#include "core/data/dataset.h"
#include "core/data/filebytes.h"
#include "tests/support/realdata.h"

#include <QDir>
#include <QTest>

using namespace brink;

namespace {

std::string realPath(const char* name)
{
    return QDir(brink::test::realDataFolder()).filePath(QString::fromLatin1(name)).toStdString();
}

/// Record number in a file name such as ".../0042.png".
std::int64_t recordOf(const Image& image)
{
    return QFileInfo(QString::fromStdString(image.source)).baseName().toLongLong();
}

/// Every image of `copies` (a folder per class) equals the record of `set` that its name gives, label and all.
void compareWithCopies(const Dataset& set, const Dataset& copies)
{
    QVERIFY(copies.size() >= 50);
    for (std::int64_t i = 0; i < copies.size(); ++i) {
        const Image copy = copies.image(i);
        const std::int64_t record = recordOf(copy);
        QVERIFY2(set.image(record).pixels == copy.pixels, copy.source.c_str());
        QCOMPARE(*set.label(record), *copies.label(i));
    }
}

} // namespace

class TestRealImages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mnistEqualsItsPngCopies();
    void cifarEqualsItsPngCopies();
    void cifarAgreesWithItsIndex();
    void readsImageNet();
};

void TestRealImages::mnistEqualsItsPngCopies()
{
    requireRealData();
    const auto set = openDataset(realPath("mnist/t10k-images-idx3-ubyte.gz"));
    QCOMPARE(set->size(), std::int64_t(10000));
    QCOMPARE(set->classNames().size(), std::size_t(10));
    compareWithCopies(*set, *openDataset(realPath("mnist/png")));
}

void TestRealImages::cifarEqualsItsPngCopies()
{
    requireRealData();
    const auto set = openDataset(realPath("cifar10/test_batch.bin"));
    QCOMPARE(set->size(), std::int64_t(483));
    compareWithCopies(*set, *openDataset(realPath("cifar10/png")));
    QCOMPARE(openDataset(realPath("cifar10/test_batch_jpeg.bin"))->size(), std::int64_t(2000));
}

void TestRealImages::cifarAgreesWithItsIndex()
{
    requireRealData();
    const auto set = openDataset(realPath("cifar10/test_batch.bin"));
    const CsvTable table = parseCsv(readTextFile(realPath("cifar10/test_batch_index.csv")));
    QCOMPARE(std::int64_t(table.size()), set->size() + 1);
    for (std::size_t row = 1; row < table.size(); ++row) {
        const std::int64_t label = *set->label(std::stoll(table[row][0]));
        QCOMPARE(label, std::int64_t(std::stoll(table[row][1])));
        QCOMPARE(set->classNames()[std::size_t(label)], table[row][2]);
    }
}

void TestRealImages::readsImageNet()
{
    requireRealData();
    const auto set = openDataset(realPath("imagenet/labels.csv"));
    QCOMPARE(set->size(), std::int64_t(200));
    QCOMPARE(set->classNames().size(), std::size_t(1000));
    QCOMPARE(*set->label(0), std::int64_t(0));
    QCOMPARE(*set->label(1), std::int64_t(5));
    for (std::int64_t i = 0; i < set->size(); i += 20) {
        const Image image = set->image(i);
        QVERIFY(image.channels == 3 || image.channels == 1);
        QVERIFY2(image.height > 100 && image.width > 100, image.source.c_str());
    }
}

QTEST_APPLESS_MAIN(TestRealImages)
#include "tst_realimages.moc"

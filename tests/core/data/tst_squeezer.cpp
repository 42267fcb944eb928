// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Squeezers against numbers worked out by hand and against their definitions, written out.
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/data/squeezer.h"
#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;

namespace {

Image imageOf(int height, int width, std::vector<float> pixels, int channels = 1) { return {channels, height, width, std::move(pixels), "made by the test", {}}; }

Image randomImage(int channels, int height, int width, std::uint64_t seed)
{
    Image image = imageOf(height, width, std::vector<float>(std::size_t(channels * height * width)), channels);
    Rng(seed).fillUniform(image.pixels, 0, 1);
    return image;
}

/// d c b a | a b c d | d c b a.
int reflected(int at, int size)
{
    const int period = 2 * size, place = ((at % period) + period) % period;
    return place < size ? place : period - 1 - place;
}

/// a b c d | c b a, without the edge: OpenCV's default.
int reflected101(int at, int size)
{
    const int period = 2 * (size - 1), place = ((at % period) + period) % period;
    return place < size ? place : period - place;
}

/// The definition: sorted window, rank floor(n/2).
float medianAt(const Image& image, int c, int y, int x, int height, int width)
{
    std::vector<float> values;
    for (int i = 0; i < height; ++i)
        for (int j = 0; j < width; ++j)
            values.push_back(image.pixels[std::size_t((c * image.height + reflected(y - height / 2 + i, image.height)) * image.width
                + reflected(x - width / 2 + j, image.width))]);
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// The definition of non-local means in grey levels: weights exp(-mean squared difference of patches / h^2).
double denoisedAt(const std::vector<double>& grey, int height, int width, int y, int x, int search, int patch, double h)
{
    const auto at = [&](int row, int column) { return grey[std::size_t(reflected101(row, height) * width + reflected101(column, width))]; };
    double sum = 0, weights = 0;
    for (int dy = -search / 2; dy <= search / 2; ++dy)
        for (int dx = -search / 2; dx <= search / 2; ++dx) {
            double distance = 0;
            for (int i = -patch / 2; i <= patch / 2; ++i)
                for (int j = -patch / 2; j <= patch / 2; ++j)
                    distance += std::pow(at(y + i, x + j) - at(y + dy + i, x + dx + j), 2);
            const double weight = std::exp(-distance / (patch * patch) / (h * h));
            sum += weight * at(y + dy, x + dx);
            weights += weight;
        }
    return sum / weights;
}

} // namespace

class TestSqueezer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void byHand_data()
    {
        QTest::addColumn<QString>("squeezer");
        QTest::addColumn<int>("height");
        QTest::addColumn<std::vector<float>>("before");
        QTest::addColumn<std::vector<float>>("after");
        const std::vector<float> nine{.1F, .2F, .3F, .4F, .5F, .6F, .7F, .8F, .9F};
        QTest::addRow("one bit; a tie goes to the even level") << "bit-depth-1" << 1 << std::vector<float>{0, .49F, .5F, .51F, 1} << std::vector<float>{0, 0, 0, 1, 1};
        QTest::addRow("two bits") << "bit-depth-2" << 1 << std::vector<float>{.16F, .17F, .5F, .83F, .84F} << std::vector<float>{0, 1 / 3.F, 2 / 3.F, 2 / 3.F, 1};
        QTest::addRow("eight bits leave a k/255") << "bit-depth-8" << 1 << std::vector<float>{17 / 255.F, 254 / 255.F} << std::vector<float>{17 / 255.F, 254 / 255.F};
        // The window of 2 x 2 lies above and left; of four sorted values the third.
        QTest::addRow("median 2 x 2") << "median-2-2" << 3 << nine << std::vector<float>{.1F, .2F, .3F, .4F, .4F, .5F, .7F, .7F, .8F};
        QTest::addRow("median 3 x 3") << "median-3-3" << 3 << nine << std::vector<float>{.2F, .3F, .3F, .4F, .5F, .6F, .7F, .7F, .8F};
        QTest::addRow("one row of two: the larger of a value and its left neighbour") << "median-1-2" << 1 << std::vector<float>{.5F, .1F, .3F, .2F}
                                                                                    << std::vector<float>{.5F, .5F, .3F, .3F};
        QTest::addRow("two rows of one: the neighbour above") << "median-2-1" << 4 << std::vector<float>{.5F, .1F, .3F, .2F} << std::vector<float>{.5F, .5F, .3F, .3F};
    }
    void byHand()
    {
        QFETCH(QString, squeezer);
        QFETCH(int, height);
        QFETCH(std::vector<float>, before);
        QFETCH(std::vector<float>, after);
        const Image image = imageOf(height, int(before.size()) / height, before);
        QCOMPARE(squeezed(image, squeezerFromName(squeezer.toStdString())).pixels, after);
    }

    void medianIsItsDefinition_data()
    {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        for (const auto& [height, width] : {std::pair(2, 2), std::pair(3, 3), std::pair(2, 3), std::pair(5, 4), std::pair(13, 13)})
            QTest::addRow("%d x %d", height, width) << height << width; // the last is larger than the image
    }
    void medianIsItsDefinition()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        const Image image = randomImage(3, 7, 5, 11);
        Squeezer squeezer{.kind = Squeezer::Kind::Median, .height = height, .width = width};
        const Image result = squeezed(image, squeezer);
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < 7; ++y)
                for (int x = 0; x < 5; ++x)
                    QCOMPARE(result.pixels[std::size_t((c * 7 + y) * 5 + x)], medianAt(image, c, y, x, height, width));
    }

    /// OpenCV works with whole weights from a table: within a grey level and its rounding.
    void nonLocalMeansIsItsDefinition()
    {
        constexpr int side = 24;
        Image image = randomImage(1, side, side, 3);
        std::vector<double> grey;
        for (std::size_t i = 0; i < image.pixels.size(); ++i) {
            const float edge = i % side < side / 2 ? 0.3F : 0.6F;
            image.pixels[i] = std::round(255 * (edge + 0.06F * image.pixels[i])) / 255;
            grey.push_back(std::round(255.0 * double(image.pixels[i])));
        }
        const Image result = squeezed(image, squeezerFromName("nlm-13-3-10"));
        double most = 0, asSwapped = 0;
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x) {
                const double found = 255.0 * double(result.pixels[std::size_t(y * side + x)]);
                most = std::max(most, std::abs(found - denoisedAt(grey, side, side, y, x, 13, 3, 10)));
                asSwapped = std::max(asSwapped, std::abs(found - denoisedAt(grey, side, side, y, x, 3, 13, 10)));
            }
        QVERIFY2(most <= 1.5, qPrintable(QString::number(most)));
        QVERIFY2(asSwapped > 2, qPrintable(QString::number(asSwapped))); // the windows are not mixed up
    }

    void flatImagesStay_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("channels");
        for (const char* name : {"bit-depth-8", "median-2-2", "nlm-13-3-2", "nlm-11-3-4"})
            for (const int channels : {1, 3})
                QTest::addRow("%s of %d channels", name, channels) << name << channels;
    }
    void flatImagesStay()
    {
        QFETCH(QString, name);
        QFETCH(int, channels);
        const Image image = imageOf(16, 16, std::vector<float>(std::size_t(channels) * 256, 100 / 255.F), channels);
        for (const float value : squeezed(image, squeezerFromName(name.toStdString())).pixels)
            compareClose(double(value), 100 / 255.0, 0, 1.01 / 255); // colours go through Lab of 8 bits and come back
    }

    void valuesStayInTheBoxAndTheInputUntouched()
    {
        const Image image = randomImage(3, 20, 17, 5);
        for (const SqueezeConfiguration& configuration : squeezeConfigurations())
            for (const Squeezer& squeezer : configuration.squeezers) {
                const Image before = image, result = squeezed(image, squeezer);
                QCOMPARE(image.pixels, before.pixels);
                QCOMPARE(result.pixels.size(), image.pixels.size());
                QVERIFY(std::ranges::all_of(result.pixels, [](float value) { return value >= 0 && value <= 1; }));
                QVERIFY(result.pixels != image.pixels);
            }
    }

    void names_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        QTest::addRow("MNIST") << "mnist" << QStringList{"bit-depth-1", "median-2-2"};
        QTest::addRow("CIFAR-10, any case") << "CIFAR10" << QStringList{"bit-depth-5", "median-2-2", "nlm-13-3-2"};
        QTest::addRow("ImageNet") << "imagenet" << QStringList{"bit-depth-5", "median-2-2", "nlm-11-3-4"};
        QTest::addRow("as the authors write it") << "bit_depth_5,median_filter_2_2,non_local_means_color_13_3_2" << QStringList{"bit-depth-5", "median-2-2", "nlm-13-3-2"};
        QTest::addRow("spaces and repetitions") << " bits-4, median-3-3 ,bits-4" << QStringList{"bit-depth-4", "median-3-3"};
    }
    void names()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, names);
        QStringList found;
        for (const Squeezer& squeezer : squeezersFromText(text.toStdString())) {
            found << QString::fromStdString(squeezerName(squeezer));
            QVERIFY(squeezerFromName(squeezerName(squeezer)) == squeezer);
            QVERIFY(!squeezerLabel(squeezer).empty());
        }
        QCOMPARE(found, names);
    }

    void wrongNames_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        QTest::addRow("nothing") << "" << int(ErrorCode::Usage);
        QTest::addRow("unknown") << "jpeg-75" << int(ErrorCode::Usage);
        QTest::addRow("too few numbers") << "median-2" << int(ErrorCode::Usage);
        QTest::addRow("no number") << "bit-depth-x" << int(ErrorCode::Usage);
        QTest::addRow("nine bits") << "bit-depth-9" << int(ErrorCode::Domain);
        QTest::addRow("no window") << "median-0-2" << int(ErrorCode::Domain);
        QTest::addRow("even search window") << "nlm-12-3-2" << int(ErrorCode::Domain);
        QTest::addRow("no strength") << "nlm-13-3-0" << int(ErrorCode::Domain);
    }
    void wrongNames()
    {
        QFETCH(QString, text);
        QFETCH(int, code);
        try {
            (void)squeezersFromText(text.toStdString());
            QFAIL("nothing was thrown");
        } catch (const Error& error) {
            QCOMPARE(int(error.code()), code);
        }
    }
};

QTEST_GUILESS_MAIN(TestSqueezer)
#include "tst_squeezer.moc"

// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/imagelist.h"

#include "core/base/text.h"
#include "core/data/datasetreader.h"
#include "core/data/imageio.h"

#include <algorithm>

namespace brink {

namespace {

class ImageListDataset : public Dataset {
public:
    explicit ImageListDataset(ImageList list) : m_list(std::move(list)) {}

    [[nodiscard]] std::string name() const override { return m_list.name; }
    [[nodiscard]] std::int64_t size() const override { return std::int64_t(m_list.paths.size()); }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_list.classNames; }

    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override
    {
        checkIndex(m_list.name, index, size());
        return m_list.labels[std::size_t(index)];
    }

    [[nodiscard]] Image image(std::int64_t index) const override
    {
        checkIndex(m_list.name, index, size());
        return readImage(m_list.paths[std::size_t(index)]);
    }

private:
    ImageList m_list;
};

} // namespace

std::shared_ptr<const Dataset> makeImageListDataset(ImageList list, bool decodesFirst)
{
    auto dataset = std::make_shared<const ImageListDataset>(std::move(list));
    if (decodesFirst)
        (void)dataset->image(0);
    return dataset;
}

std::vector<std::string> imageEndings()
{
    return {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"};
}

bool hasImageEnding(const std::string& path)
{
    const std::string name = lowerCase(path);
    return std::ranges::any_of(imageEndings(), [&](const std::string& ending) { return name.ends_with(ending); });
}

} // namespace brink

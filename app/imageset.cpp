// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imageset.h"

#include "core/base/error.h"

#include <algorithm>

namespace brink {

namespace {

class JoinedDataset : public Dataset {
public:
    explicit JoinedDataset(std::vector<std::shared_ptr<const Dataset>> parts) : m_parts(std::move(parts))
    {
        for (const auto& part : m_parts) {
            m_size += part->size();
            m_ends.push_back(m_size);
        }
    }

    [[nodiscard]] std::string name() const override { return m_parts.front()->name() + " + " + std::to_string(m_parts.size() - 1); }
    [[nodiscard]] std::int64_t size() const override { return m_size; }
    [[nodiscard]] Image image(std::int64_t index) const override
    {
        const auto [part, inside] = place(index);
        return part->image(inside);
    }
    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override
    {
        const auto [part, inside] = place(index);
        return part->label(inside);
    }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_parts.front()->classNames(); }

private:
    [[nodiscard]] std::pair<const Dataset*, std::int64_t> place(std::int64_t index) const
    {
        if (index < 0 || index >= m_size)
            throw Error(ErrorCode::Domain, "Image " + std::to_string(index) + " is outside the set of " + std::to_string(m_size) + ".");
        const auto part = std::size_t(std::ranges::upper_bound(m_ends, index) - m_ends.begin());
        return {m_parts[part].get(), part == 0 ? index : index - m_ends[part - 1]};
    }

    std::vector<std::shared_ptr<const Dataset>> m_parts;
    std::vector<std::int64_t> m_ends;
    std::int64_t m_size = 0;
};

} // namespace

std::shared_ptr<const Dataset> openImageSet(const std::vector<std::string>& paths)
{
    std::vector<std::shared_ptr<const Dataset>> parts;
    for (const std::string& path : paths)
        parts.push_back(openDataset(path));
    if (parts.size() == 1)
        return parts.front();
    return std::make_shared<JoinedDataset>(std::move(parts));
}

OpenedImages openNamedImages(const std::vector<std::string>& names)
{
    OpenedImages opened;
    std::string range;
    for (const std::string& name : names) {
        const ImageSpec spec = ImageSpec::parse(name);
        opened.paths.push_back(spec.path);
        if (!spec.range.empty() && names.size() > 1)
            throw Error(ErrorCode::Usage, "\"" + name + "\" has a range and stands beside other images. Open it alone, or leave out the range.");
        range = spec.range;
    }
    opened.dataset = openImageSet(opened.paths);
    if (const auto indices = parseIndexRange(range, opened.dataset->size()); !indices.empty())
        opened.first = indices.front();
    return opened;
}

} // namespace brink

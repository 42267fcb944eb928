// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/cardfile.h"

#include "core/data/filebytes.h"
#include "core/model/modelcard.h"
#include "core/model/publishedaccuracy.h"

#include <filesystem>

namespace brink {

std::string modelCardPath(const std::string& modelPath)
{
    std::filesystem::path path(modelPath);
    path.replace_extension(".card.json");
    return path.string();
}

void saveModelCard(const std::string& modelPath, Json card)
{
    card.erase("origin");
    if (const auto published = publishedAccuracies(modelPath, Json::object()); !published.empty() && !card.contains("published"))
        card["published"] = toJson(published); // what others found stays with the model
    static_cast<void>(modelCardFromJson(card));
    AtomicFile file(modelCardPath(modelPath));
    file.write(card.dump(2) + "\n");
    file.commit();
}

} // namespace brink

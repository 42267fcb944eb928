// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/edits.h"

#include "app/qtext.h"

#include <QUndoStack>

#include <algorithm>

namespace brink {

namespace {

constexpr int stepsKept = 300;

bool isSameSelection(const FigureSelection& a, const FigureSelection& b) { return a.target == b.target && a.attack == b.attack; }

bool isSame(const Choices& a, const Choices& b)
{
    return a.model == b.model && a.image == b.image && *a.settings == *b.settings && a.target == b.target
        && isSameSelection(a.selection, b.selection) && a.whatIf == b.whatIf;
}

/// The only parameter that differs, if it is one.
const ParamSpec* changedParam(const Params& before, const Params& after)
{
    const ParamSpec* found = nullptr;
    for (const ParamSpec& spec : after.specs()) {
        if (!before.contains(spec.key) || before.value(spec.key) == after.value(spec.key))
            continue;
        if (found)
            return nullptr;
        found = &spec;
    }
    return found;
}

SettingsChange attackChange(const AttackChoice& before, const AttackChoice& after)
{
    const QString label = qtext(attackInfo(after.name).label);
    if (before.isChosen != after.isChosen)
        return {{}, after.isChosen ? Edits::tr("choosing %1").arg(label) : Edits::tr("leaving out %1").arg(label)};
    if (const ParamSpec* spec = changedParam(before.params, after.params))
        return {qtext(after.name) + QLatin1Char('/') + qtext(spec->key), Edits::tr("%1 of %2").arg(qtext(spec->label), label)};
    return {{}, Edits::tr("parameters of %1").arg(label)};
}

} // namespace

SettingsChange settingsChange(const AnalysisSettings& before, const AnalysisSettings& after)
{
    if (before.norm != after.norm)
        return {{}, Edits::tr("norm %1").arg(qtext(normLabel(after.norm)))};
    if (before.randomDirections != after.randomDirections)
        return {QStringLiteral("directions"), Edits::tr("random directions")};
    if (before.seed != after.seed)
        return {QStringLiteral("seed"), Edits::tr("seed")};
    if (before.computesClever != after.computesClever)
        return {{}, after.computesClever ? Edits::tr("computing CLEVER") : Edits::tr("leaving out CLEVER")};
    if (const ParamSpec* spec = changedParam(before.clever, after.clever))
        return {QStringLiteral("clever/") + qtext(spec->key), Edits::tr("%1 of CLEVER").arg(qtext(spec->label))};
    if (before.computesBound != after.computesBound)
        return {{}, after.computesBound ? Edits::tr("proving a bound") : Edits::tr("leaving out the certified bound")};
    if (const ParamSpec* spec = changedParam(before.bound, after.bound))
        return {QStringLiteral("bound/") + qtext(spec->key), Edits::tr("%1 of the certified bound").arg(qtext(spec->label))};
    for (std::size_t i = 0; i < std::min(before.attacks.size(), after.attacks.size()); ++i)
        if (before.attacks[i] != after.attacks[i])
            return attackChange(before.attacks[i], after.attacks[i]);
    return {{}, Edits::tr("parameters")};
}

/// Done already when it is put on the stack: the first redo() is the stack's own and does nothing.
class Edits::Step : public QUndoCommand {
public:
    Step(Edits& edits, const QString& text, const QString& field, Choices before, Choices after)
        : QUndoCommand(text), m_edits(edits), m_field(field), m_before(std::move(before)), m_after(std::move(after))
    {
    }

    [[nodiscard]] int id() const override { return m_field.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* next = static_cast<const Step*>(other);
        if (next->m_field != m_field)
            return false;
        m_after = next->m_after;
        setObsolete(isSame(m_before, m_after));
        return true;
    }
    void undo() override { m_edits.restore(m_before); }
    void redo() override
    {
        if (!std::exchange(m_isFresh, false))
            m_edits.restore(m_after);
    }

private:
    Edits& m_edits;
    QString m_field;
    Choices m_before;
    Choices m_after;
    bool m_isFresh = true;
};

Edits::Edits(Session& session, Controller& controller, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_stack(new QUndoStack(this))
{
    m_stack->setUndoLimit(stepsKept);
    connect(&session, &Session::datasetOpened, m_stack, &QUndoStack::clear);
}

void Edits::pickModel(int index)
{
    const bool isThere = index >= 0 && index < int(m_session.models().size());
    const QString name = isThere ? qtext(m_session.models()[std::size_t(index)].classifier->card().name) : QString();
    perform(tr("choosing model %1").arg(name), {}, [&] { m_controller.pickModel(index); });
}

void Edits::pickImage(std::int64_t index)
{
    perform(tr("choosing image %1").arg(index), {}, [&] { m_controller.pickImage(index); });
}

void Edits::pickNorm(Norm norm)
{
    perform(tr("norm %1").arg(qtext(normLabel(norm))), {}, [&] { m_controller.pickNorm(norm); });
}

void Edits::pickTarget(std::optional<std::int64_t> target)
{
    perform(tr("choosing the target class"), {}, [&] { m_controller.pickTarget(target); });
}

void Edits::pickWhatIf(const WhatIf& whatIf)
{
    perform(tr("what if"), QStringLiteral("what-if"), [&] { m_controller.pickWhatIf(whatIf); });
}

void Edits::pickPreset(Preset preset)
{
    perform(preset == Preset::Paper ? tr("preset Paper") : tr("preset Preview"), {},
        [&] { m_session.setSettings(standardSettings(m_session.norm(), preset, m_session.settings().seed)); });
}

void Edits::setSettings(const AnalysisSettings& settings)
{
    const SettingsChange change = settingsChange(m_session.settings(), settings);
    perform(change.words, change.field, [&] { m_session.setSettings(settings); });
}

void Edits::showTarget(std::int64_t target)
{
    perform(tr("showing another target"), {}, [&] {
        FigureSelection selection = m_session.selection();
        selection.target = target;
        m_session.select(selection);
    });
}

void Edits::showAttack(const std::string& attack)
{
    perform(tr("showing another attack"), {}, [&] {
        FigureSelection selection = m_session.selection();
        selection.attack = attack;
        selection.step.reset();
        m_session.select(selection);
    });
}

void Edits::perform(const QString& text, const QString& field, const std::function<void()>& change)
{
    Choices before = now();
    change();
    Choices after = now();
    if (!isSame(before, after))
        m_stack->push(new Step(*this, text, field, std::move(before), std::move(after)));
}

Choices Edits::now() const
{
    const auto model = m_session.classifier();
    return {model ? model->path() : std::string(), m_session.imageIndex(), std::make_shared<const AnalysisSettings>(m_session.settings()),
        m_session.target(), m_session.selection(), m_session.whatIf()};
}

/// A model that was removed meanwhile stays away; the rest comes back.
void Edits::restore(const Choices& choices)
{
    const Norm norm = m_session.norm();
    const auto target = m_session.target();
    m_session.setSettings(*choices.settings);
    const auto isWanted = [&choices](const LoadedModel& model) { return model.classifier->path() == choices.model; };
    const auto model = std::ranges::find_if(m_session.models(), isWanted);
    const int place = int(model - m_session.models().begin());
    const bool hasOtherModel = model != m_session.models().end() && place != m_session.currentModel();
    if (hasOtherModel)
        m_controller.pickModel(place);
    m_session.setTarget(choices.target);
    const bool hasOtherWhatIf = !(choices.whatIf == m_session.whatIf());
    m_session.setWhatIf(choices.whatIf);
    const bool hasOtherImage = choices.image != m_session.imageIndex();
    if (hasOtherImage)
        m_controller.pickImage(choices.image);
    else if (norm != m_session.norm() || target != m_session.target() || hasOtherWhatIf)
        m_controller.preview();
    m_session.select(choices.selection);
}

} // namespace brink

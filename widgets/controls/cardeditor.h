// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QHash>
#include <QStringList>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace brink {

/// A model card as it is typed.
struct CardFields {
    QString name, family;
    QString input;         ///< "3, 32, 32"
    QString black, white;  ///< the model's values for pixel 0 and 1
    QString mean, deviation; ///< one number, one a channel, or empty
    QString channelOrder;  ///< "rgb" or "bgr"
    QString resize;        ///< a rule's name
    bool usesBpda = false; ///< identity backward through rounding
    QStringList classes;
    bool operator==(const CardFields&) const = default;
};

/// One class in the prediction shown beside the fields.
struct CardPrediction {
    QString label;
    double before = 0; ///< probability with the card as it was
    double now = 0;
    bool operator==(const CardPrediction&) const = default;
};

/// Edits a model card beside the window: every change is told at once, what cannot be used is marked where it is typed, and
/// the prediction of the current image shows what a change does.
class CardEditor : public QDialog {
    Q_OBJECT
public:
    /// @param resizeRules names to choose from.
    explicit CardEditor(const QStringList& resizeRules, QWidget* parent = nullptr);

    /// Another card. @param classCount of the model. Emits nothing.
    void setFields(const QString& model, const CardFields& fields, int classCount);
    [[nodiscard]] CardFields fields() const;
    /// Sentences by field ("input", "range", "mean", "std", "classes", "channelOrder"); those of other fields vanish.
    void setErrors(const QHash<QString, QString>& errors);
    /// What goes on, or a failure of the whole.
    void setStatus(const QString& text, bool isAlarm = false);
    /// @param title which image; the classes with the largest probabilities.
    void setPrediction(const QString& title, const QList<CardPrediction>& classes);
    void setUnsaved(bool isUnsaved);
    [[nodiscard]] QString predictionText() const;
    [[nodiscard]] QString statusText() const;

Q_SIGNALS:
    void fieldsEdited(const brink::CardFields& fields);
    void saveWanted();
    void revertWanted();

private:
    QLineEdit* addLine(QFormLayout* form, const QString& key, const QString& label, const QString& toolTip);
    QWidget* addError(QFormLayout* form, const QString& key);
    void buildFields(QFormLayout* form, const QStringList& resizeRules);
    void buildClasses(QFormLayout* form);
    void buildFoot(QVBoxLayout* layout);
    void publish();
    void showClassCount();

    bool m_isUpdating = false;
    int m_classCount = 0;
    QHash<QString, QWidget*> m_editors;
    QHash<QString, QLabel*> m_errors;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_family = nullptr;
    QLineEdit* m_input = nullptr;
    QLineEdit* m_black = nullptr;
    QLineEdit* m_white = nullptr;
    QLineEdit* m_mean = nullptr;
    QLineEdit* m_deviation = nullptr;
    QComboBox* m_channelOrder = nullptr;
    QComboBox* m_resize = nullptr;
    QComboBox* m_gradients = nullptr;
    QPlainTextEdit* m_classes = nullptr;
    QLabel* m_classNote = nullptr;
    QLabel* m_prediction = nullptr;
    QLabel* m_status = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_revert = nullptr;
};

} // namespace brink

import type { TermsFact } from '../terms/model.ts'
import type { Template } from './model.ts'
import type { useVoucherWords } from './words.ts'

// What most hospitals change of a template: the codes and names of subjects. The rest is changed as data.

/** A subject of the template one begins with, under the code and the name a hospital gives it. */
export type SubjectDraft = { was: string; code: string; name: string }

export const subjectDraftsOf = ({ subjects }: Template): SubjectDraft[] =>
  Object.entries(subjects)
    .map(([code, name]) => ({ was: code, code, name }))
    .toSorted((a, b) => (a.was < b.was ? -1 : 1))

const CODE = /^[0-9A-Za-z.]{1,30}$/
const MOST_NAME_LETTERS = 60

/**
 * Pure: the template with its subjects under other codes and names, wherever they stand. Two may become one, under one name.
 * Null where a code or a name cannot be, or where one code has two names.
 */
export function withSubjects(template: Template, drafts: readonly SubjectDraft[]): Template | null {
  const codes = new Map<string, string>()
  const names = new Map<string, string>()
  for (const { was, code: typedCode, name: typedName } of drafts) {
    const [code, name] = [typedCode.trim(), typedName.trim()]
    const known = names.get(code)
    if (!CODE.test(code) || name === '' || name.length > MOST_NAME_LETTERS) return null
    if (known !== undefined && known !== name) return null
    codes.set(was, code)
    names.set(code, name)
  }
  const to = (subject: string) => codes.get(subject) ?? subject
  const side = <Side extends { subject: string }>(one: Side) => ({
    ...one,
    subject: to(one.subject),
  })
  return {
    ...template,
    subjects: Object.fromEntries(names),
    accounts: template.accounts.map(side),
    categories: Object.fromEntries(
      Object.entries(template.categories).map(([category, subject]) => [category, to(subject)]),
    ),
    rules: template.rules.map((rule) => ({
      ...rule,
      budget: rule.budget && { debit: side(rule.budget.debit), credit: side(rule.budget.credit) },
    })),
  }
}

type Words = ReturnType<typeof useVoucherWords>['t']

/** Pure: a template in words: which subject every account is, and what is made of each kind of transfer. */
export function templateFacts(template: Template, t: Words): TermsFact[] {
  const { subjects, accounts, categories, unknownCategory, rules } = template
  const named = (code: string) => `${code} ${subjects[code] ?? ''}`.trim()
  return [
    ...accounts.map(({ account, subject, byCategory }) => ({
      name: t('facts.account', { account }),
      value: byCategory ? t('facts.byCategory') : named(subject),
    })),
    ...Object.entries(categories).map(([category, subject]) => ({
      name: t('facts.category', { category }),
      value: named(subject),
    })),
    { name: t('facts.unknownCategory'), value: unknownCategory ?? t('facts.none') },
    ...rules.map((rule) => ({
      name: t('facts.rule', { name: rule.name }),
      value: ruleText(rule, { named, t }),
    })),
  ]
}

function ruleText(
  {
    type,
    debit,
    credit,
    summary,
    level,
    isFinancial,
    budget,
    causeBegins,
  }: Template['rules'][number],
  { named, t }: { named: (code: string) => string; t: Words },
): string {
  return [
    type,
    summary,
    `${t('facts.debit')} ${debit}`,
    `${t('facts.credit')} ${credit}`,
    ...(causeBegins === '' ? [] : [t('facts.causeBegins', { text: causeBegins })]),
    t(`facts.levels.${level}`),
    ...(isFinancial ? [] : [t('facts.notFinancial')]),
    budget
      ? t('facts.budget', {
          debit: named(budget.debit.subject),
          credit: named(budget.credit.subject),
        })
      : t('facts.noBudget'),
  ].join('；')
}

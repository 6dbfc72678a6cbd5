import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { strict } from '../../platform/http/schemas.ts'
import { accountingErrors } from './errors.ts'

// A template says, as data, which subjects the accounts of the ledger are in a hospital's own books, and what each kind
// of transfer means there. Its patterns are of the parts of an account's code between slashes: a part in braces stands
// for any text, 'receivable/{provider}/self_pay'; as a last part, {rest} in two braces, '{{rest}}', for all that follows.

const Text = (maxLength: number, description = '') =>
  Type.String({ minLength: 1, maxLength, description })
const Subject = Type.String({ pattern: '^[0-9A-Za-z.]{1,30}$', description: 'Code of the subject' })
const Pattern = Type.String({ pattern: '^[^\\s]{1,80}$' })
const Auxiliary = Type.Record(
  Type.String({ pattern: '^[a-z]{1,20}$' }),
  Text(60, 'May name parts: {provider}'),
)

const Side = Type.Object({ subject: Subject, aux: Auxiliary }, strict)

const AccountRule = Type.Object(
  {
    account: Pattern,
    subject: Subject,
    aux: Auxiliary,
    byCategory: Type.Boolean({ description: 'Its amounts go to the subjects of the categories' }),
  },
  strict,
)

const TransferRule = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
    debit: Pattern,
    credit: Pattern,
    causeBegins: Type.String({ maxLength: 60, description: 'Empty for any' }),
    type: Text(10, 'Of the voucher, as the accounting system names it: 收, 付, 转, 记'),
    summary: Text(100, 'May name {date}, {about} and the parts of the two accounts'),
    level: Type.Enum(['day', 'subject'], {
      description: 'day: added up by subject; subject: apart for each payment or other thing',
    }),
    isFinancial: Type.Boolean({ description: 'false: it is not in the financial books' }),
    budget: Type.Union([Type.Object({ debit: Side, credit: Side }, strict), Type.Null()], {
      description: 'Where money came or went, as the budget books know no other fact',
    }),
  },
  strict,
)

export const TemplateTerms = Type.Object(
  {
    subjects: Type.Record(Subject, Text(60), { description: 'The name of each subject used' }),
    accounts: Type.Array(AccountRule, { minItems: 1, maxItems: 200 }),
    categories: Type.Record(Text(10), Subject, {
      description: 'Subjects of income by the category of what was charged for (med_chrgitm_type)',
    }),
    unknownCategory: Type.Union([Text(10), Type.Null()], {
      description: 'Taken for what nobody knows the category of; null: such a day is not covered',
    }),
    rules: Type.Array(TransferRule, {
      minItems: 1,
      maxItems: 200,
      description: 'The first counts',
    }),
  },
  { $id: 'AccountingTemplate', ...strict },
)
export type TemplateTerms = Type.Static<typeof TemplateTerms>
export type AccountRule = Type.Static<typeof AccountRule>
export type TransferRule = Type.Static<typeof TransferRule>

const check = Compile(TemplateTerms)

/** Errors: template_wrong, with the first thing that is. */
export function readTemplate(content: unknown): TemplateTerms {
  const wrong = (reason: string) => accountingErrors.template_wrong({ reason })
  if (!check.Check(content)) throw wrong('it has another shape')
  const used = [
    ...content.accounts.map(({ subject }) => subject),
    ...Object.values(content.categories),
    ...content.rules.flatMap(({ budget }) =>
      budget ? [budget.debit.subject, budget.credit.subject] : [],
    ),
  ]
  const unnamed = used.find((subject) => content.subjects[subject] === undefined)
  if (unnamed !== undefined) throw wrong(`the subject ${unnamed} has no name`)
  const names = content.rules.map(({ name }) => name)
  if (new Set(names).size < names.length) throw wrong('two rules have one name')
  const { unknownCategory } = content
  if (unknownCategory !== null && content.categories[unknownCategory] === undefined) {
    throw wrong(`the category ${unknownCategory} has no subject`)
  }
  return content
}

/** What stood for the parts in braces; null when the pattern does not fit. */
export function partsBy(pattern: string, code: string): Record<string, string> | null {
  const names = pattern.split('/')
  const texts = code.split('/')
  const takesRest = names.at(-1)?.startsWith('{{') === true
  if (takesRest ? texts.length < names.length : texts.length !== names.length) return null
  const parts: Record<string, string> = {}
  for (const [i, name] of names.entries()) {
    const isRest = takesRest && i === names.length - 1
    const text = isRest ? texts.slice(i).join('/') : (texts[i] ?? '')
    if (!name.startsWith('{')) {
      if (name !== text) return null
    } else if (text === '') return null
    else parts[name.replaceAll(/[{}]/g, '')] = text
  }
  return parts
}

/** A text with its {parts} put in; one that nothing stands for is left as it is. */
export const filled = (text: string, parts: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{([a-z]+)\}/gi, (whole, name: string) => parts[name] ?? whole)

import { amountText } from '../../web/amount.ts'
import { percentText } from '../channels/ratio.ts'
import { type Fact, Facts } from './Facts.tsx'
import type { Condition, Rule, Terms, TermsOf } from './model.ts'
import { useBenefitWords } from './words.ts'

type Words = ReturnType<typeof useBenefitWords>['t']

/** What a programme gives to whom, in words. */
export function TermsFacts({ terms }: { terms: Terms }) {
  const { t } = useBenefitWords()
  return (
    <>
      <Facts facts={factsOf(terms, t)} />
      {'rule' in terms && <RuleText rule={terms.rule} />}
      {terms.kind === 'voucher' && <Offers offers={terms.offers} />}
      {terms.kind === 'package' && <Items items={terms.items} />}
    </>
  )
}

function factsOf(terms: Terms, t: Words): Fact[] {
  switch (terms.kind) {
    case 'subsidy':
      return subsidyFacts(terms, t)
    case 'voucher':
      return [
        { name: t('terms.leastBill'), value: amountText(terms.leastBillFen) },
        { name: t('terms.validDays'), value: t('days', { count: terms.validDays }) },
        { name: t('terms.categories'), value: listText(terms.categories, t) },
      ]
    case 'package':
      return [
        { name: t('terms.price'), value: amountText(terms.priceFen) },
        { name: t('terms.validDays'), value: t('days', { count: terms.validDays }) },
      ]
    case 'points':
      return terms.earn.map(({ event, points, perYearMost }) => ({
        name: t(`events.${event}`),
        value: t('terms.earns', { points, most: perYearMost }),
      }))
  }
}

function subsidyFacts(terms: TermsOf<'subsidy'>, t: Words): Fact[] {
  const most = (fen: number | null) => (fen === null ? t('terms.noMost') : amountText(fen))
  return [
    { name: t('terms.share'), value: percentText(terms.sharePpm) },
    { name: t('terms.perVisit'), value: most(terms.perVisitMostFen) },
    { name: t('terms.perYear'), value: most(terms.perYearMostFen) },
    { name: t('terms.categories'), value: listText(terms.categories, t) },
    { name: t('terms.who'), value: t(terms.byGrant ? 'terms.byGrant' : 'terms.byRule') },
    { name: t('terms.combines'), value: t(terms.combines ? 'terms.together' : 'terms.alone') },
    { name: t('terms.position'), value: terms.position },
  ]
}

const listText = (categories: readonly string[], t: Words): string =>
  categories.length === 0 ? t('terms.allCategories') : categories.join('、')

/** Groups of conditions: within one all hold, and one of them is enough. */
function RuleText({ rule }: { rule: Rule }) {
  const { t } = useBenefitWords()
  return (
    <>
      <h3 className="bank-title">{t('rule.title')}</h3>
      <ul className="rule-groups">
        {rule.anyOf.map((group, index) => (
          <li key={JSON.stringify(group)}>
            {index > 0 && <span className="fine">{t('rule.or')}</span>}{' '}
            {group.length === 0
              ? t('rule.everybody')
              : group.map((condition) => conditionText(condition, t)).join(t('rule.and'))}
          </li>
        ))}
      </ul>
    </>
  )
}

function conditionText(condition: Condition, t: Words): string {
  switch (condition.fact) {
    case 'ageYears': {
      const { atLeast, atMost } = condition
      if (atLeast !== undefined && atMost !== undefined) return t('rule.age', { atLeast, atMost })
      if (atLeast !== undefined) return t('rule.ageFrom', { atLeast })
      return atMost === undefined ? t('rule.anyAge') : t('rule.ageTo', { atMost })
    }
    case 'inNeed':
    case 'insured':
      return t(`rule.${condition.fact}.${condition.is ? 'yes' : 'no'}`)
    case 'diagnosis':
    case 'residence':
      return t(`rule.${condition.fact}`, { codes: condition.startsWith.join('、') })
  }
}

function Offers({ offers }: { offers: TermsOf<'voucher'>['offers'] }) {
  const { t } = useBenefitWords()
  return (
    <>
      <h3 className="bank-title">{t('terms.offers')}</h3>
      {offers.length === 0 && <p className="fine">{t('terms.noOffers')}</p>}
      <Facts
        facts={offers.map(({ code, points, amountFen }) => ({
          name: code,
          value: t('terms.offer', { points, amount: amountText(amountFen) }),
        }))}
      />
    </>
  )
}

function Items({ items }: { items: TermsOf<'package'>['items'] }) {
  const { t } = useBenefitWords()
  return (
    <>
      <h3 className="bank-title">{t('terms.items')}</h3>
      <Facts
        facts={items.map(({ code, name, most }) => ({
          name: code,
          value: t('terms.item', { name, count: most }),
        }))}
      />
    </>
  )
}

import { useTranslation } from 'react-i18next'

import type { OfferedProgramme } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { shareText } from '../../web/params-text.ts'
import { dayText } from '../parts/day.ts'
import { Fold } from '../parts/Fold.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Meter } from '../parts/Meter.tsx'
import { ruleWords } from './rule-words.ts'
import { useBenefitName } from './use-benefit-name.ts'

/** What a hospital gives, to whom, out of which budget, and whether the reader is one of them. */
export function Programmes({ programmes }: { programmes: readonly OfferedProgramme[] }) {
  const { t } = useTranslation('payers')
  const nameOf = useBenefitName()
  if (programmes.length === 0) return null
  return (
    <div className="card folds" role="group" aria-label={t('benefits.programmes')}>
      <h3 className="folds-title">{t('benefits.programmes')}</h3>
      {programmes.map((programme) => (
        <Fold key={programme.id} title={nameOf(programme.name)}>
          <Programme programme={programme} />
        </Fold>
      ))}
    </div>
  )
}

function Programme({ programme }: { programme: OfferedProgramme }) {
  const { t, i18n } = useTranslation('payers')
  const { terms, funder, startsOn, endsOn } = programme
  const days = { from: dayText(startsOn, i18n.language), until: dayText(endsOn, i18n.language) }
  return (
    <div className="programme">
      {programme.standing && <Standing programme={programme} />}
      <TermsWords terms={terms} />
      {'rule' in terms && (
        <div>
          <p>{t(terms.rule.anyOf.length > 1 ? 'benefits.forAnyOf' : 'benefits.forWhom')}</p>
          <ul className="dots">
            {ruleWords(t, terms.rule).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </div>
      )}
      {programme.budget && <Budget {...programme.budget} />}
      <p className="fine-print">
        {t(`benefits.funders.${funder.kind}`, { name: funder.name })}
        <br />
        {t('benefits.runs', days)}
      </p>
    </div>
  )
}

/** Whether the rule holds for the reader, and for want of which fact it does not. */
function Standing({ programme: { standing, terms } }: { programme: OfferedProgramme }) {
  const { t } = useTranslation('payers')
  if (!standing) return null
  if (standing.met) {
    const byGrant = terms.kind === 'subsidy' && terms.byGrant
    return (
      <p className="agreement-on">
        <Icon name="done" /> {t(byGrant ? 'benefits.metByGrant' : 'benefits.met')}
      </p>
    )
  }
  const fact = t(`benefits.facts.${standing.fact ?? 'inNeed'}`)
  return (
    <p className="note">
      <Icon name={standing.known ? 'still' : 'question'} />{' '}
      {t(standing.known ? 'benefits.unmet' : 'benefits.unknown', { fact })}
    </p>
  )
}

function TermsWords({ terms }: { terms: OfferedProgramme['terms'] }) {
  const { t } = useTranslation('payers')
  switch (terms.kind) {
    case 'subsidy':
      return (
        <ul className="dots">
          <li>{t('benefits.terms.share', { share: shareText(terms.sharePpm) })}</li>
          {terms.perVisitMostFen !== null && (
            <li>{t('benefits.terms.perVisit', { most: amountText(terms.perVisitMostFen) })}</li>
          )}
          {terms.perYearMostFen !== null && (
            <li>{t('benefits.terms.perYear', { most: amountText(terms.perYearMostFen) })}</li>
          )}
          {!terms.combines && <li>{t('benefits.terms.alone')}</li>}
        </ul>
      )
    case 'voucher':
      return (
        <p>
          {t('benefits.terms.voucher', { days: terms.validDays })}
          {terms.leastBillFen > 0 &&
            t('benefits.terms.leastBill', { least: amountText(terms.leastBillFen) })}
        </p>
      )
    case 'package':
      return (
        <>
          <p>
            {t('benefits.terms.package', {
              price: amountText(terms.priceFen),
              days: terms.validDays,
            })}
          </p>
          <ul className="dots">
            {terms.items.map(({ code, name, most }) => (
              <li key={code}>{t('benefits.terms.item', { name, most })}</li>
            ))}
          </ul>
          <p className="note">{t('benefits.buyAtWindow')}</p>
        </>
      )
    case 'points':
      return (
        <ul className="dots">
          {terms.earn.map(({ event, points, perYearMost }) => (
            <li key={event}>
              {t(`benefits.events.${event}`)}
              {t('benefits.terms.earn', { points, most: perYearMost })}
            </li>
          ))}
        </ul>
      )
  }
}

/** First come, first served, and nothing beyond it: said with its figures. */
function Budget({ allottedFen, freeFen }: { allottedFen: number; freeFen: number }) {
  const { t } = useTranslation('payers')
  const words = { left: amountText(freeFen), whole: amountText(allottedFen) }
  return (
    <div>
      <Meter used={allottedFen - freeFen} whole={allottedFen} />
      <p className="fine-print">
        {t(freeFen > 0 ? 'benefits.budgetLeft' : 'benefits.budgetUsedUp', words)}
      </p>
    </div>
  )
}

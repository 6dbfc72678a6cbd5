import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import type { FamilyLink } from './use-family.ts'

/** What may be done, up to how much at once, and until when. */
export function LinkFacts({ link }: { link: FamilyLink }) {
  const { t, i18n } = useTranslation('family')
  const { scopes, mostFen, expiresAt } = link
  return (
    <>
      <p>{t('may', { what: scopes.map((scope) => t(`scopes.${scope}`)).join(t('and')) })}</p>
      {mostFen !== null && <p className="note">{t('most', { amount: amountText(mostFen) })}</p>}
      <p className="note">{t('until', { day: momentText(expiresAt, 'day', i18n.language) })}</p>
    </>
  )
}

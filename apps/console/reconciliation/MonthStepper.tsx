import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { today } from '../clock.ts'
import { Icon } from '../shell/Icon.tsx'

/** One month back or on, for any page that shows a month. */
export function MonthStepper({ first, last }: { first: BusinessDate; last: BusinessDate }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const isNewest = last >= today()
  const show = (date: BusinessDate) => void navigate({ to: '.', search: { date } })
  return (
    <div className="date-picker" role="group" aria-label={t('reconciliation.month')}>
      <Button
        icon={<Icon name="left" />}
        aria-label={t('reconciliation.monthBefore')}
        onClick={() => show(addDays(first, -1))}
      />
      <strong>{first.slice(0, 7)}</strong>
      <Button
        icon={<Icon name="right" />}
        aria-label={t('reconciliation.monthAfter')}
        aria-disabled={isNewest}
        title={isNewest ? t('date.noLater') : undefined}
        className={isNewest ? 'is-off' : ''}
        onClick={() => isNewest || show(addDays(last, 1))}
      />
    </div>
  )
}

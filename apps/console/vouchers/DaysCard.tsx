import { Button } from 'antd'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useDays } from '../reconciliation/use-days.ts'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { type AccountingDay, type Finding, withoutVouchers } from './model.ts'
import { useMakeVouchers } from './use-vouchers.ts'
import { useVoucherWords } from './words.ts'

type DaysCardProps = { first: BusinessDate; last: BusinessDate }

/** What is missing of a month: closed dates that have no vouchers, and dates with something no template covers. */
export function DaysCard({ first, last }: DaysCardProps) {
  const { t } = useVoucherWords()
  const { hospitalId } = useStaff()
  const closed = useDays(first, last)
  const days = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/days', {
    params: { path: { hospitalId }, query: { from: first, to: last } },
  })
  const error = closed.error ?? days.error
  if (error !== null) return <Fault error={error} onRetry={() => void days.refetch()} />
  if (!closed.data || !days.data) return null
  const none = withoutVouchers(closed.data.items, days.data.items)
  const uncovered = days.data.items.filter(({ status }) => status === 'uncovered')
  if (none.length === 0 && uncovered.length === 0) {
    return (
      <p className="whole">
        <StatusChip tone="good" icon="check" text={t('missing.nothing')} />
      </p>
    )
  }
  return (
    <section className="card why-alert" aria-labelledby="missing-title">
      <h2 id="missing-title">
        <Icon name="alert" /> {t('missing.title')}
      </h2>
      <ul className="voucher-missing">
        {none.map((date) => (
          <MissingDay key={date} date={date} words={t('missing.none')} />
        ))}
        {uncovered.map((day) => (
          <MissingDay key={day.date} date={day.date} words={t('missing.uncovered')} day={day} />
        ))}
      </ul>
    </section>
  )
}

type MissingDayProps = { date: string; words: string; day?: AccountingDay }

function MissingDay({ date, words, day }: MissingDayProps) {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const make = useMakeVouchers(staff.hospitalId, { words: t('missing.done', { date }) })
  return (
    <li>
      <p className="voucher-missing-head">
        <strong>
          <time dateTime={date}>{date}</time>
        </strong>
        <span>{words}</span>
        {may(staff, 'reconcile') && (
          <Button
            size="small"
            aria-label={t('missing.makeOf', { date })}
            loading={make.isPending}
            onClick={() => make.mutate(date)}
          >
            {t('missing.make')}
          </Button>
        )}
      </p>
      {day?.findings.map((finding) => (
        <FindingLine key={`${finding.code} ${finding.about}`} finding={finding} />
      ))}
      {make.error !== null && <Fault error={make.error} />}
    </li>
  )
}

function FindingLine({ finding: { code, about, count, amountFen } }: { finding: Finding }) {
  const { t } = useVoucherWords()
  return (
    <p className="fine">
      {t(`missing.findings.${code}`, { about })} {t('missing.count', { count })}{' '}
      <Amount fen={amountFen} />
    </p>
  )
}

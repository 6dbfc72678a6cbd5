import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { addDays } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { today } from '../clock.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Checklist, LockChip } from '../reconciliation/ClosingCard.tsx'
import { useDays } from '../reconciliation/use-days.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { may, useStaff } from '../shell/staff.ts'

const REFRESH_MS = 60_000

/** What stands between a day and its closing: the chosen one, or on today’s page yesterday, as today is not over. */
export function ClosingStateCard() {
  const { t } = useTranslation()
  const staff = useStaff()
  const chosen = useBusinessDate()
  const date = chosen < today() ? chosen : addDays(today(), -1)
  const days = useDays(date, date)
  const isKnown = days.data?.items.length === 1
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/closing',
    { params: { path: { hospitalId: staff.hospitalId, date } } },
    { enabled: isKnown, refetchInterval: REFRESH_MS },
  )
  if (!may(staff, 'readBooks')) return null
  return (
    <section className="card closing" aria-labelledby="closing-state">
      <div className="card-head">
        <h2 id="closing-state">
          {t('closing.title')}{' '}
          <Link to="/reconciliation/day" search={{ date }} hash="closing">
            {date.slice(5)}
          </Link>
        </h2>
        {data && <LockChip isLocked={data.isLocked} />}
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {days.data?.items.length === 0 && <Empty text={t('reconciliation.noDays')} />}
      {data && <Checklist date={date} checks={data.checklist} />}
    </section>
  )
}

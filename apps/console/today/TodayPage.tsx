import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Ageing } from '../cases/Ageing.tsx'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { DaysCard } from '../reconciliation/DaysCard.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AttentionCard } from './AttentionCard.tsx'
import { ClosingStateCard } from './ClosingStateCard.tsx'
import { FlowCard } from './FlowCard.tsx'
import { Strip } from './Strip.tsx'
import { TrendCard } from './TrendCard.tsx'

const REFRESH_MS = 30_000

/** The finance day at a glance. */
export function TodayPage() {
  const { t } = useTranslation()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  usePageTitle(t('menu.today'))
  const day = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/finance/days/{date}',
    { params: { path: { hospitalId, date } } },
    { refetchInterval: REFRESH_MS },
  )
  return (
    <div className="page">
      <header className="page-head">
        <h1>{date === today() ? t('menu.today') : date}</h1>
        <p className="fine">
          {t('today.asOf')}{' '}
          <Moment
            at={day.dataUpdatedAt ? new Date(day.dataUpdatedAt).toISOString() : null}
            form="exact"
          />
        </p>
        <Button
          size="small"
          icon={<Icon name="refresh" />}
          loading={day.isFetching}
          onClick={() => void day.refetch()}
        >
          {t('refresh')}
        </Button>
      </header>
      {day.error !== null && <Fault error={day.error} onRetry={() => void day.refetch()} />}
      <Strip day={day.data} />
      <div className="cards">
        <FlowCard moves={day.data?.moves} />
        <TrendCard />
        <AttentionCard />
        <DaysCard />
        <ClosingStateCard />
        <Ageing />
      </div>
    </div>
  )
}

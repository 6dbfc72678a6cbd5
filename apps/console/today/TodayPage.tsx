import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { isBusinessDate } from '../../../kernel/time.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Chart } from '../charts/Chart.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { DaysCard } from '../reconciliation/DaysCard.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AttentionCard } from './AttentionCard.tsx'
import { FlowCard } from './FlowCard.tsx'
import { Strip } from './Strip.tsx'
import { trendOption } from './trend-option.ts'
import { useWeek } from './use-week.ts'

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
        <h1>{t('menu.today')}</h1>
        <p className="fine">
          {t('today.asOf')}{' '}
          <Moment at={day.dataUpdatedAt ? new Date(day.dataUpdatedAt).toISOString() : null} form="exact" />
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
      </div>
    </div>
  )
}

function TrendCard() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { days, error, refetch } = useWeek()
  const part = (kind: string) => t(`parts.${kind}`)
  const isEmpty = days?.every(({ moves }) => moves.length === 0)
  const show = ({ dataIndex }: { dataIndex: number }) => {
    const date = days?.[dataIndex]?.date
    if (date && isBusinessDate(date)) void navigate({ to: '/', search: { date } })
  }
  return (
    <section className="card" aria-labelledby="trend-title">
      <h2 id="trend-title">{t('today.trend.title')}</h2>
      <ul className="legend">
        {(['pooled', 'account', 'self_pay', 'returned'] as const).map((name) => (
          <li key={name}>
            <span className={`swatch swatch-${name}`} aria-hidden="true" />
            {name === 'returned' ? t('kinds.return') : part(name)}
          </li>
        ))}
      </ul>
      {error !== null && <Fault error={error} onRetry={refetch} />}
      {isEmpty && <Empty text={t('today.trend.empty')} />}
      {days && !isEmpty && (
        <Chart
          label={t('today.trend.label')}
          option={trendOption(days, { part, returned: t('kinds.return') })}
          onPick={show}
        />
      )}
    </section>
  )
}

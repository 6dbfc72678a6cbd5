import { Button } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AgeingCard } from './AgeingCard.tsx'
import { BadDebtCard } from './BadDebtCard.tsx'
import { ComingCard } from './ComingCard.tsx'
import { EarnedCard } from './EarnedCard.tsx'
import { OverviewStrip } from './OverviewStrip.tsx'
import { TodayCard } from './TodayCard.tsx'
import { TrendCard } from './TrendCard.tsx'
import { useLoanFigures, usePortfolio } from './use-overview.ts'
import { UseCard } from './UseCard.tsx'
import { useBankWords } from './words.ts'

/** All loans and limits of the lender at a glance: amounts, ages and counts, and nothing about any person. */
export function OverviewPage() {
  const { t } = useBankWords()
  const { hospitalId } = useStaff()
  const portfolio = usePortfolio(hospitalId)
  const figures = useLoanFigures(hospitalId)
  usePageTitle(t('overview.title'))
  const refresh = () => {
    void portfolio.refetch()
    void figures.refetch()
  }
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('overview.title')}</h1>
        <p className="fine on-wide-only">
          {t('overview.asOf')}{' '}
          <Moment
            at={portfolio.dataUpdatedAt ? new Date(portfolio.dataUpdatedAt).toISOString() : null}
            form="exact"
          />
        </p>
        <Button
          size="small"
          icon={<Icon name="refresh" />}
          loading={portfolio.isFetching}
          onClick={refresh}
        >
          {t('console:refresh')}
        </Button>
      </header>
      {portfolio.error !== null && <Fault error={portfolio.error} onRetry={refresh} />}
      {figures.error !== null && <Fault error={figures.error} onRetry={refresh} />}
      <OverviewStrip now={portfolio.data?.now} figures={figures.data} />
      <div className="cards">
        <AgeingCard now={portfolio.data?.now} />
        <BadDebtCard now={portfolio.data?.now} />
        <TodayCard now={portfolio.data?.now} />
        <EarnedCard figures={figures.data} />
        <UseCard />
        <ComingCard figures={figures.data} />
        <TrendCard portfolio={portfolio.data} />
      </div>
    </div>
  )
}

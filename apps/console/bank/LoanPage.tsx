import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { percentText } from '../channels/ratio.ts'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { LadderCard } from './LadderCard.tsx'
import { LoanChip } from './loan-parts.tsx'
import { LoanEvents } from './LoanEvents.tsx'
import type { LoanRecord } from './model.ts'
import { useHospitalName, useProductName } from './names.ts'
import { RepaymentsCard } from './RepaymentsCard.tsx'
import { ScheduleCard } from './ScheduleCard.tsx'
import { useBankWords } from './words.ts'
import { WriteOffCard } from './WriteOffCard.tsx'

/** One loan: what is owed and when, what was repaid, and its way along the overdue ladder. */
export function LoanPage() {
  const { t } = useBankWords()
  const { loanId } = getRouteApi('/office/bank/loans/$loanId').useParams()
  const { hospitalId: lenderId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/loans/{id}/record',
    { params: { path: { lenderId, id: loanId } } },
  )
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/bank/loans">{t('loans.title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && <OneLoan record={data} />}
    </div>
  )
}

function OneLoan({ record }: { record: LoanRecord }) {
  return (
    <>
      <Head record={record} />
      <div className="object">
        <div className="object-main">
          <ScheduleCard instalments={record.instalments} />
          <RepaymentsCard loanId={record.loan.loanId} repayments={record.repayments} />
        </div>
        <div className="object-side">
          <WriteOffCard record={record} />
          <LadderCard record={record} />
          <LoanEvents events={record.events} />
        </div>
      </div>
    </>
  )
}

function Head({ record }: { record: LoanRecord }) {
  const { t } = useBankWords()
  const { loan, owedTodayFen, aprPpm, disclosure } = record
  usePageTitle(`${t('loans.title')} ${loan.accountNo ?? ''}`)
  return (
    <header className="object-head bank-head">
      <div>
        <h1>
          {t('principal')} <Amount fen={loan.principalFen} /> <LoanChip loan={loan} />
        </h1>
        <ul className="object-facts">
          <AccountFact loan={loan} />
          <PlaceFacts loan={loan} />
          <li>
            {t('loans.openedOn')} <time>{loan.openedOn}</time>
          </li>
          <li>
            {t('loans.freeUntil')} <time>{loan.freeUntil}</time>
          </li>
          <li>
            {t('way')} {t(`ways.${loan.way}`)}{' '}
            {loan.periods > 1 && t('periods', { count: loan.periods })}
          </li>
          {aprPpm !== null && (
            <li>
              {t('loans.apr')} <strong>{percentText(aprPpm)}</strong>{' '}
              {t(disclosure === 'apr_compound_irr' ? 'loans.aprCompound' : 'loans.aprSimple')}
            </li>
          )}
          <li>
            {t('loans.penaltyRate')} {percentText(loan.penaltyRatePpm)}
          </li>
          {loan.overdueSince && loan.status === 'open' && (
            <li>
              {t('loans.overdueSince')} <time>{loan.overdueSince}</time>
            </li>
          )}
        </ul>
      </div>
      <dl className="bank-owed">
        <dt>{t('loans.owedToday')}</dt>
        <dd>
          <Amount fen={owedTodayFen} />
        </dd>
        <dt>{t('loans.due')}</dt>
        <dd>
          <Amount fen={loan.dueFen} />
        </dd>
      </dl>
    </header>
  )
}

function AccountFact({ loan: { lineId, accountNo } }: Pick<LoanRecord, 'loan'>) {
  const { t } = useBankWords()
  if (lineId === null || accountNo === null) {
    return (
      <li>
        {t('account.no')} {t('account.none')}
      </li>
    )
  }
  return (
    <li className="bank-account">
      <Link to="/bank/lines/$lineId" params={{ lineId }}>
        {t('account.no')}
      </Link>{' '}
      <CopyText text={accountNo} />
    </li>
  )
}

function PlaceFacts({ loan: { hospitalId, productId } }: Pick<LoanRecord, 'loan'>) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const hospitalName = useHospitalName()
  const productName = useProductName(lenderId)
  return (
    <>
      <li>
        {t('hospital')} {hospitalName(hospitalId)}
      </li>
      <li>
        {t('product')} {productName(productId)}
      </li>
    </>
  )
}

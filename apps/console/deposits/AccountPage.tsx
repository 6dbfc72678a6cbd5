import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Facts } from '../benefits/Facts.tsx'
import { PatientName, usePatientNames } from '../benefits/Patient.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon, type IconName } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccountChip } from './account-parts.tsx'
import { CloseDialog } from './CloseDialog.tsx'
import { DaysCard } from './DaysCard.tsx'
import { GiveBackList } from './GiveBackList.tsx'
import { type Account, type GiveBack, type Movement, stayOf } from './model.ts'
import { TopUpDialog } from './TopUpDialog.tsx'
import { useDepositWords, useWayName } from './words.ts'

/** One account: what is in it, all that happened to it, what its days cost, and what goes back. */
export function AccountPage() {
  const { t } = useDepositWords()
  const { accountId } = getRouteApi('/office/deposits/$accountId').useParams()
  const { hospitalId } = useStaff()
  const one = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/deposits/{id}', {
    params: { path: { hospitalId, id: accountId } },
  })
  const { data, error, refetch } = one
  usePageTitle(t('accounts.one'))
  return (
    <div className="page bank-list benefit-page">
      <p className="crumbs">
        <Link to="/deposits">{t('accounts.title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Head account={data.account} />
          <div className="object">
            <div className="object-main">
              <MovementsCard movements={data.movements} />
            </div>
            <div className="object-side">
              <FiguresCard account={data.account} />
              {data.account.kind === 'inpatient' && <DaysCard accountId={data.account.id} />}
              {data.giveBacks.length > 0 && <BacksCard giveBacks={data.giveBacks} query={one} />}
            </div>
          </div>
        </>
      )}
    </div>
  )
}

function Head({ account }: { account: Account }) {
  const { t } = useDepositWords()
  const staff = useStaff()
  const [act, setAct] = useState<'topUp' | 'close' | null>(null)
  const nameOf = usePatientNames([account.personId])
  const { personId, custodyBank, custodyNo, clearBy, status, kind, freeFen } = account
  const stayNo = stayOf(account)
  const isKeeper = may(staff, 'keepDeposits')
  return (
    <header className="object-head bank-head">
      <div>
        <h1>
          {stayNo === null ? t('prepayment') : `${t('stay')} ${stayNo}`}{' '}
          <AccountChip account={account} />
        </h1>
        <ul className="object-facts">
          <li>
            <PatientName personId={personId} patient={nameOf(personId)} />
          </li>
          <li>
            {t('custodyBank')} {custodyBank} <CopyText text={custodyNo} />
          </li>
          <li>
            {t('openedAt')} <Moment at={account.openedAt} form="exact" />
          </li>
          {account.closedAt && (
            <li>
              {t('closedAt')} <Moment at={account.closedAt} form="exact" />
            </li>
          )}
          {clearBy && <li>{t('clearBy', { day: clearBy })}</li>}
        </ul>
      </div>
      {isKeeper && (
        <span className="bank-acts">
          {status === 'open' && kind === 'inpatient' && (
            <Button type="primary" onClick={() => setAct('topUp')}>
              {t('topUp.open')}
            </Button>
          )}
          {(status === 'open' || freeFen > 0) && (
            <Button danger onClick={() => setAct('close')}>
              {t('close.open')}
            </Button>
          )}
        </span>
      )}
      {act === 'topUp' && <TopUpDialog account={account} onClose={() => setAct(null)} />}
      {act === 'close' && <CloseDialog account={account} onClose={() => setAct(null)} />}
    </header>
  )
}

const FIGURES = ['balanceFen', 'heldFen', 'freeFen', 'lowFen'] as const

function FiguresCard({ account }: { account: Account }) {
  const { t } = useDepositWords()
  return (
    <section className="card" aria-labelledby="figures-title">
      <h2 id="figures-title">{t('figures.title')}</h2>
      <Facts
        facts={FIGURES.map((key) => ({
          name: t(`figures.${key}`),
          value: <Amount fen={account[key]} />,
        }))}
      />
    </section>
  )
}

const LOOK_OF: Record<Movement['kind'], { icon: IconName; flow?: 'in' | 'out' }> = {
  paid_in: { icon: 'download', flow: 'in' },
  promised: { icon: 'clock' },
  drawn: { icon: 'out', flow: 'out' },
  returned: { icon: 'undo', flow: 'in' },
  back_asked: { icon: 'clock' },
  given_back: { icon: 'undo', flow: 'out' },
}

function MovementsCard({ movements }: { movements: readonly Movement[] }) {
  const { t } = useDepositWords()
  const wayName = useWayName()
  return (
    <section className="card" aria-labelledby="movements-title">
      <h2 id="movements-title">{t('movements.title')}</h2>
      {movements.length === 0 && <Empty text={t('movements.empty')} />}
      <ol className="timeline">
        {movements.map((movement, index) => {
          const { kind, amountFen, channel, channelNo, at } = movement
          const { icon, flow } = LOOK_OF[kind]
          return (
            // Two movements of one moment may be alike in all they show.
            <li key={`${at} ${kind} ${movements.length - index}`} className="step">
              <span className="step-icon">
                <Icon name={icon} />
              </span>
              <div className="step-body">
                <p className="step-head">
                  <strong>{t(`movements.kinds.${kind}`)}</strong>
                  <Amount fen={amountFen} {...(flow ? { flow } : {})} />
                </p>
                {channel !== null && (
                  <p className="fine step-fine">
                    {wayName(channel)} {channelNo !== null && <CopyText text={channelNo} />}
                  </p>
                )}
              </div>
              <div className="step-time">
                <Moment at={at} form="exact" />
              </div>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

type BacksCardProps = {
  giveBacks: readonly GiveBack[]
  query: Parameters<typeof GiveBackList>[0]['query']
}

function BacksCard({ giveBacks, query }: BacksCardProps) {
  const { t } = useDepositWords()
  return (
    <section className="card" aria-labelledby="backs-title">
      <h2 id="backs-title">{t('backs.title')}</h2>
      <GiveBackList rows={giveBacks} query={query} isOfOneAccount />
    </section>
  )
}

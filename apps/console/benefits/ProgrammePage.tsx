import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AllotDialog } from './AllotDialog.tsx'
import { AllotmentsCard } from './AllotmentsCard.tsx'
import { BudgetBar, promisedOf } from './BudgetBar.tsx'
import { DecideDialog } from './DecideDialog.tsx'
import { EntitlementsCard } from './EntitlementsCard.tsx'
import { type Fact, Facts } from './Facts.tsx'
import { GrantDialog } from './GrantDialog.tsx'
import type { Budget, Programme } from './model.ts'
import { ReasonDialog } from './ReasonDialog.tsx'
import { TermsFacts } from './TermsFacts.tsx'
import { useEndProgramme } from './use-benefits.ts'
import { LOOK_OF_PROGRAMME, useActor, useBenefitWords, useProgrammeName } from './words.ts'

/** One programme: its terms, its budget, who proposed it and who decided, and what is granted of it. */
export function ProgrammePage() {
  const { t } = useBenefitWords()
  const { programmeId } = getRouteApi('/office/benefits/$programmeId').useParams()
  const staff = useStaff()
  const { hospitalId } = staff
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/benefit-programmes/{id}',
    { params: { path: { hospitalId, id: programmeId } } },
  )
  usePageTitle(t('programmes.one'))
  return (
    <div className="page bank-list benefit-page">
      <p className="crumbs">
        <Link to="/benefits">{t('programmes.title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Head programme={data} />
          <div className="object">
            <div className="object-main">
              <section className="card" aria-labelledby="terms-title">
                <h2 id="terms-title">{t('terms.title')}</h2>
                <TermsFacts terms={data.terms} />
              </section>
              {may(staff, 'readGrants') && <EntitlementsCard programmeId={data.id} />}
            </div>
            <div className="object-side">
              <BudgetCard budget={data.budget} />
              <HistoryCard programme={data} />
              {may(staff, 'readGrants') && <AllotmentsCard programmeId={data.id} />}
            </div>
          </div>
        </>
      )}
    </div>
  )
}

type Act = 'decide' | 'allot' | 'grant' | 'end'

function Head({ programme }: { programme: Programme }) {
  const { t } = useBenefitWords()
  const nameOf = useProgrammeName()
  const [act, setAct] = useState<Act | null>(null)
  const { status, terms, funder, startsOn, endsOn } = programme
  const onClose = () => setAct(null)
  return (
    <header className="object-head bank-head">
      <div>
        <h1>
          {nameOf(programme.name)}{' '}
          <StatusChip {...LOOK_OF_PROGRAMME[status]} text={t(`statuses.programme.${status}`)} />
        </h1>
        <ul className="object-facts">
          <li>{t(`kinds.${terms.kind}`)}</li>
          <li>
            {t('programmes.funder')} {funder.name}
          </li>
          <li>{t('programmes.from', { from: startsOn, until: endsOn })}</li>
        </ul>
      </div>
      <Acts programme={programme} onAct={setAct} />
      {act === 'decide' && <DecideProgramme programme={programme} onClose={onClose} />}
      {act === 'allot' && <AllotDialog programme={programme} onClose={onClose} />}
      {act === 'grant' && <GrantDialog programme={programme} onClose={onClose} />}
      {act === 'end' && <EndDialog programme={programme} onClose={onClose} />}
    </header>
  )
}

/** What whoever looks may do with it as it stands. */
function Acts({ programme, onAct }: { programme: Programme; onAct: (act: Act) => void }) {
  const { t } = useBenefitWords()
  const staff = useStaff()
  const { id, status, terms } = programme
  const isFinance = may(staff, 'grantBenefits')
  const isRunning = status === 'active'
  const isPackage = terms.kind === 'package'
  const maySell = isPackage && may(staff, 'sellPackages')
  const mayGrant =
    isFinance && (terms.kind === 'voucher' || (terms.kind === 'subsidy' && terms.byGrant))
  return (
    <span className="bank-acts">
      {status === 'proposed' && isFinance && (
        <Button type="primary" onClick={() => onAct('decide')}>
          {t('decide.open')}
        </Button>
      )}
      {isRunning && (maySell || mayGrant) && (
        <Button type="primary" onClick={() => onAct('grant')}>
          {t(isPackage ? 'grant.sell' : 'grant.open')}
        </Button>
      )}
      {isRunning && isFinance && terms.kind !== 'points' && (
        <Button onClick={() => onAct('allot')}>{t('allot.open')}</Button>
      )}
      {isFinance && (
        <Link className="button-link" to="/benefits/new" search={{ from: id }}>
          {t('programmes.change')}
        </Link>
      )}
      {isRunning && isFinance && (
        <Button danger onClick={() => onAct('end')}>
          {t('end.open')}
        </Button>
      )}
    </span>
  )
}

type DialogProps = { programme: Programme; onClose: () => void }

export function DecideProgramme({ programme, onClose }: DialogProps) {
  const { t } = useBenefitWords()
  const nameOf = useProgrammeName()
  const actorName = useActor()
  const facts: Fact[] = [
    { name: t('programmes.name'), value: nameOf(programme.name) },
    { name: t('programmes.kind'), value: t(`kinds.${programme.terms.kind}`) },
    { name: t('programmes.funder'), value: programme.funder.name },
    {
      name: t('programmes.period'),
      value: t('programmes.from', { from: programme.startsOn, until: programme.endsOn }),
    },
    { name: t('proposedBy'), value: actorName(programme.proposedBy) },
  ]
  return (
    <DecideDialog
      decided={{ kind: 'programme', id: programme.id }}
      title={t('decide.programme')}
      facts={facts}
      proposedBy={programme.proposedBy}
      agree={t('decide.agreeProgramme')}
      onClose={onClose}
    />
  )
}

function EndDialog({ programme: { id }, onClose }: DialogProps) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const end = useEndProgramme({ hospitalId, id }, { words: t('end.done'), onDone: onClose })
  return (
    <ReasonDialog
      title={t('end.open')}
      hint={t('end.hint')}
      act={t('end.act')}
      change={end}
      onClose={onClose}
    />
  )
}

function BudgetCard({ budget }: { budget: Budget | null }) {
  const { t } = useBenefitWords()
  const amounts = budget && [
    ['allotted', budget.allottedFen],
    ['used', budget.usedFen],
    ['held', promisedOf(budget)],
    ['free', budget.freeFen],
  ]
  return (
    <section className="card" aria-labelledby="budget-title">
      <h2 id="budget-title">{t('budget.title')}</h2>
      {budget && amounts ? (
        <>
          <BudgetBar budget={budget} />
          <Facts
            facts={amounts.map(([name, fen]) => ({
              name: t(`budget.${name}`),
              value: <Amount fen={Number(fen)} />,
            }))}
          />
        </>
      ) : (
        <p className="fine">{t('budget.noneYet')}</p>
      )}
    </section>
  )
}

function HistoryCard({ programme }: { programme: Programme }) {
  const { t } = useBenefitWords()
  const actorName = useActor()
  const by = (actor: string, at: string | null) => (
    <>
      {actorName(actor)} <Moment at={at} form="exact" />
    </>
  )
  const { proposedBy, decidedBy, endedBy, endReason, status } = programme
  const facts: Fact[] = [
    { name: t('proposedBy'), value: by(proposedBy, programme.proposedAt) },
    {
      name: t('decidedBy'),
      value: decidedBy === null ? '—' : by(decidedBy, programme.decidedAt),
    },
  ]
  if (endedBy !== null && status === 'ended') {
    facts.push({ name: t('end.by'), value: by(endedBy, programme.endedAt) })
  }
  if (endReason !== null) facts.push({ name: t('reason'), value: endReason })
  return (
    <section className="card" aria-labelledby="history-title">
      <h2 id="history-title">{t('programmes.history')}</h2>
      <Facts facts={facts} />
    </section>
  )
}

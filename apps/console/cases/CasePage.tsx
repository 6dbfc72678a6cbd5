import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CrossCheckLink } from '../cross-checks/CrossCheckLink.tsx'
import { useCaseReason } from '../cross-checks/words.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import type { Case } from '../search/choices.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { Adjust } from './Adjust.tsx'
import { CaseChip } from './CasesPage.tsx'
import { Deadline } from './Deadline.tsx'
import { Notes } from './Notes.tsx'
import { Resolve } from './Resolve.tsx'
import { SidesTable } from './SidesTable.tsx'
import { TakeCase } from './TakeCase.tsx'
import { readSubject } from './words.ts'

const REFRESH_MS = 30_000

/** One case: what it is about, what is at stake, whose it is and until when, and what was said. */
export function CasePage() {
  const { t } = useTranslation()
  const { caseId } = getRouteApi('/office/cases/$caseId').useParams()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/cases/{id}',
    { params: { path: { hospitalId, id: caseId } } },
    { refetchInterval: ({ state }) => (state.data?.status === 'open' ? REFRESH_MS : false) },
  )
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/cases">{t('menu.cases')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && <OneCase known={data} />}
    </div>
  )
}

function OneCase({ known }: { known: Case }) {
  const { t } = useTranslation()
  return (
    <>
      <Head known={known} />
      <div className="object">
        <div className="object-main">
          <section className="card" aria-labelledby="sides-title">
            <h2 id="sides-title">{t('cases.sides')}</h2>
            {known.differences.length === 0 ? (
              <Empty
                text={t(`cases.noSides.${known.class}`, { defaultValue: t('cases.noSides.other') })}
              />
            ) : (
              <SidesTable caseId={known.id} differences={known.differences} />
            )}
          </section>
          <Resolve known={known} />
          <Adjust known={known} />
        </div>
        <div className="object-side">
          <Notes known={known} />
        </div>
      </div>
    </>
  )
}

function Head({ known }: { known: Case }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const reasonText = useCaseReason()
  const name = t(`cases.classes.${known.class}`)
  usePageTitle(`${t('menu.cases')} ${name}`)
  return (
    <header className="object-head">
      <div>
        <h1>
          {name} <Amount fen={known.amountFen} /> <CaseChip known={known} />
        </h1>
        <ul className="object-facts">
          <li>
            {t('moves.businessDate')} <time>{known.date}</time>
          </li>
          {known.source && (
            <li>
              {t('reconciliation.source')} {nameOf(known.source)}
            </li>
          )}
          <li>
            {t('refunds.reason')} {reasonText(known)}
          </li>
          <li>
            {t('cases.openedAt')} <Moment at={known.openedAt} form="exact" />
          </li>
          {known.resolvedAt && (
            <li>
              {t('cases.resolvedAt')} <Moment at={known.resolvedAt} form="exact" />
            </li>
          )}
          <li>
            <SubjectLink known={known} />
          </li>
        </ul>
      </div>
      <div className="case-actions">
        <Deadline {...known} />
        <TakeCase known={known} />
      </div>
    </header>
  )
}

/** Leads from the case to the thing itself. */
function SubjectLink({ known }: { known: Case }) {
  const { t } = useTranslation()
  const subject = readSubject(known)
  switch (subject.kind) {
    case 'payment':
      return (
        <Link to="/payments/$paymentId" params={{ paymentId: subject.id }}>
          {t('cases.toPayment')}
        </Link>
      )
    case 'refund': {
      const paymentId = known.differences.find((difference) => difference.paymentId)?.paymentId
      if (!paymentId)
        return (
          <Link to="/payments" search={{ attention: true }}>
            {t('cases.toAttention')}
          </Link>
        )
      return (
        <Link to="/payments/$paymentId" params={{ paymentId }}>
          {t('cases.toPayment')}
        </Link>
      )
    }
    case 'cross_check':
      return <CrossCheckLink subject={subject} reason={known.reason} />
    case 'statement':
    case 'line':
    case 'other':
      return (
        <Link to="/reconciliation/day" search={{ date: known.date as BusinessDate }}>
          {t('cases.toDay')}
        </Link>
      )
  }
}

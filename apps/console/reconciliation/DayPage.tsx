import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { now } from '../clock.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { DAY_VIEWS } from '../search/choices.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ClosingCard } from './ClosingCard.tsx'
import { DifferenceList } from './DifferenceList.tsx'
import { IdentityTable } from './IdentityTable.tsx'
import { LineList } from './LineList.tsx'
import { Rerun } from './Rerun.tsx'
import { useDays } from './use-days.ts'
import { Waterfall } from './Waterfall.tsx'
import { type DayDetail, differencesOf, LOOK_OF_VERDICT } from './words.ts'

const WORKING_REFRESH_MS = 15_000
const RESTING_REFRESH_MS = 60_000

/** One day: each party's list against ours, to the fen, and every row behind a figure. */
export function DayPage() {
  const { t } = useTranslation()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  usePageTitle(`${t('menu.reconciliation')} ${date}`)
  const known = useDays(date, date)
  const isThere = known.data?.items.length === 1
  const day = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/days/{date}',
    { params: { path: { hospitalId, date } } },
    {
      enabled: isThere,
      refetchInterval: ({ state }) =>
        isResting(state.data) ? RESTING_REFRESH_MS : WORKING_REFRESH_MS,
    },
  )
  const error = known.error ?? day.error
  const refetch = () => void (known.error === null ? day : known).refetch()
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/reconciliation">{t('reconciliation.calendar')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={refetch} />}
      {known.data && !isThere && (
        <>
          <h1>{t('reconciliation.dayTitle', { date })}</h1>
          <Empty text={t('reconciliation.notYet')} />
        </>
      )}
      {!day.data && (isThere || !known.data) && error === null && (
        <Skeleton active paragraph={{ rows: 10 }} />
      )}
      {day.data && isThere && <OneDay day={day.data} />}
    </div>
  )
}

/** Closed, and nothing of it is due: as a day is that nobody has asked to be compared anew. */
const isResting = (day: DayDetail | undefined) =>
  day?.status === 'closed' && (day.dueAt === null || new Date(day.dueAt) > now())

function OneDay({ day }: { day: DayDetail }) {
  const { t } = useTranslation()
  const { view = 'differences' } = getRouteApi('/office/reconciliation/day').useSearch()
  const { all } = differencesOf(day)
  return (
    <>
      <Head day={day} />
      <Bridge day={day} />
      <IdentityTable day={day} />
      <Waterfall day={day} />
      <ClosingCard date={day.date} />
      <nav id="day-lists" className="views" aria-label={t('reconciliation.views')}>
        {DAY_VIEWS.map((each) => (
          <Link
            key={each}
            to="/reconciliation/day"
            search={{ view: each }}
            aria-current={each === view ? 'page' : undefined}
          >
            {t(`reconciliation.tabs.${each}`, { count: all })}
          </Link>
        ))}
      </nav>
      {view === 'differences' ? <DifferenceList day={day} /> : <LineList day={day} />}
    </>
  )
}

function Head({ day }: { day: DayDetail }) {
  const { t } = useTranslation()
  return (
    <header className="object-head">
      <div>
        <h1>
          {t('reconciliation.dayTitle', { date: day.date })}
          <StatusChip
            {...LOOK_OF_VERDICT[day.verdict]}
            text={t(`reconciliation.verdicts.${day.verdict}`)}
          />
        </h1>
        <ul className="object-facts">
          <li>{t(`reconciliation.dayStatuses.${day.status}`)}</li>
          {day.closedAt && (
            <li>
              <Icon name="lock" /> {t('reconciliation.closedAt')}{' '}
              <Moment at={day.closedAt} form="exact" />
            </li>
          )}
          {day.dueAt && (
            <li>
              {t('reconciliation.dueAt')} <Moment at={day.dueAt} form="exact" />
            </li>
          )}
          {day.lastError && (
            <li className="tone-bad">{t('reconciliation.lastError', { error: day.lastError })}</li>
          )}
        </ul>
      </div>
      <Rerun date={day.date} />
    </header>
  )
}

/** The three sides of the day in one line, from the providers' lists to the hospital's own. */
function Bridge({ day: { bridge } }: { day: DayDetail }) {
  const { t } = useTranslation()
  if (!bridge) return <p className="fine">{t('reconciliation.noBridge')}</p>
  const { providersFen, oursFen, keptHereFen, settledFen, hospitalFen, inBetweenFen } = bridge
  const sign = (a: number, b: number) => (a === b ? '=' : '≠')
  return (
    <dl className="bridge">
      <Side name="providers" fen={providersFen} />
      <Between sign={sign(providersFen, oursFen)} />
      <Side name="ours" fen={oursFen} />
      {keptHereFen !== 0 && (
        <>
          <Between sign="−" />
          <Side name="keptHere" fen={keptHereFen} />
        </>
      )}
      <Between sign="−" />
      <Side name="inBetween" fen={inBetweenFen} />
      <Between sign="=" />
      <Side name="settled" fen={settledFen} />
      <Between sign={sign(settledFen, hospitalFen)} />
      <Side name="hospital" fen={hospitalFen} />
    </dl>
  )
}

function Side({ name, fen }: { name: string; fen: number }) {
  const { t } = useTranslation()
  return (
    <div>
      <dt>{t(`reconciliation.bridge.${name}`)}</dt>
      <dd>
        <Amount fen={fen} />
      </dd>
    </div>
  )
}

function Between({ sign }: { sign: string }) {
  const { t } = useTranslation()
  return (
    <div className={sign === '≠' ? 'tone-bad' : ''}>
      <dt className="visually-hidden">{t('reconciliation.bridge.sign')}</dt>
      <dd>{sign}</dd>
    </div>
  )
}

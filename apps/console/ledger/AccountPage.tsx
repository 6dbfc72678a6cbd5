import { getRouteApi, Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { addDays, type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { given } from '../search/params.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { Missing } from '../shell/RouteStates.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BalanceLine } from './BalanceLine.tsx'
import type { Line, Statement } from './model.ts'
import { StatementFiles } from './StatementFiles.tsx'
import { useAccountName, useLedgerWords, useMemoText } from './words.ts'

const PAGE_ROWS = 100
const DAYS_SHOWN = 30

const route = getRouteApi('/office/ledger/account')

/** One account: each line with what it stood at after it, between two dates, the newest first. */
export function AccountPage() {
  const { code, ...search } = route.useSearch()
  if (code === undefined) return <Missing />
  return <OneAccount key={code} code={code} search={search} />
}

type OneAccountProps = {
  code: string
  search: { from?: BusinessDate; to?: BusinessDate; after?: string }
}

function OneAccount({ code, search }: OneAccountProps) {
  const { t } = useLedgerWords()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const nameOf = useAccountName()
  const date = useBusinessDate()
  const to = search.to ?? date
  const from = search.from ?? addDays(to, 1 - DAYS_SHOWN)
  const { after } = search
  const query = {
    account: code,
    from,
    to,
    order: 'newest' as const,
    limit: PAGE_ROWS,
    ...given({ after }),
  }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/ledger/statement', {
    params: { path: { hospitalId }, query },
  })
  const statement = list.data
  const name = statement ? nameOf(statement.account) : code
  const rows = statement?.items
  const next = statement?.next ?? null
  usePageTitle(name)
  const show = (days: { from: BusinessDate; to: BusinessDate; after?: string }) =>
    void navigate({ search: { code, ...days } })
  return (
    <div className="page ledger">
      <p className="crumbs">
        <Link to="/ledger">{t('title')}</Link> <Icon name="right" />
      </p>
      <header className="object-head">
        <div>
          <h1>{name}</h1>
          <AccountFacts code={code} statement={statement} />
        </div>
        <StatementFiles account={code} from={from} to={to} />
      </header>
      <Range key={`${from} ${to}`} from={from} to={to} onShow={show} />
      <Edges statement={statement} />
      <BalanceLine account={code} from={from} to={to} />
      <DataTable
        label={t('statement.title')}
        columns={useColumns()}
        rows={rows}
        rowKey={({ entryId, lineNo }) => `${entryId} ${lineNo}`}
        query={list}
        empty={<Empty text={t('statement.empty')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={next !== null}
        isFirst={after === undefined}
        onFirst={() => show({ from, to })}
        onNext={() => next !== null && show({ from, to, after: next })}
      />
    </div>
  )
}

function AccountFacts({ code, statement }: { code: string; statement: Statement | undefined }) {
  const { t } = useLedgerWords()
  const subject = statement?.account
  return (
    <ul className="object-facts">
      <li>
        <code>{code}</code>
      </li>
      {statement && <li>{t(`kinds.${statement.kind}`)}</li>}
      {subject && subject.subjectCode !== null && (
        <li>
          {t('statement.subject')} <code>{subject.subjectCode}</code> {subject.subjectName}
        </li>
      )}
    </ul>
  )
}

function Edges({ statement }: { statement: Statement | undefined }) {
  const { t } = useLedgerWords()
  return (
    <dl className="bridge">
      {(['opening', 'closing'] as const).map((edge) => (
        <div key={edge}>
          <dt>{t(`statement.${edge}`)}</dt>
          <dd>
            {statement ? <Amount fen={statement[`${edge}Fen`]} /> : <span className="bone" />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

type RangeProps = {
  from: BusinessDate
  to: BusinessDate
  onShow: (days: { from: BusinessDate; to: BusinessDate }) => void
}

function Range({ from, to, onShow }: RangeProps) {
  const { t } = useLedgerWords()
  const [days, setDays] = useState<{ from: string; to: string }>({ from, to })
  const isReversed = days.from > days.to
  const show = (event: FormEvent) => {
    event.preventDefault()
    if (isBusinessDate(days.from) && isBusinessDate(days.to) && !isReversed) {
      onShow({ from: days.from, to: days.to })
    }
  }
  return (
    <form className="ledger-range" onSubmit={show}>
      {(['from', 'to'] as const).map((edge) => (
        <label key={edge}>
          {t(`statement.${edge}`)}{' '}
          <input
            type="date"
            required
            aria-invalid={isReversed}
            value={days[edge]}
            onChange={(event) => setDays({ ...days, [edge]: event.target.value })}
          />
        </label>
      ))}
      <Button htmlType="submit">{t('statement.show')}</Button>
      {isReversed && <span role="alert">{t('statement.reversed')}</span>}
    </form>
  )
}

function useColumns(): Column<Line>[] {
  const { t } = useLedgerWords()
  const nameOf = useAccountName()
  const memoText = useMemoText()
  const amountOn = (side: Line['side']) => ({
    key: side,
    title: t(`statement.${side}`),
    isNumber: true,
    cell: (line: Line) => (line.side === side ? <Amount fen={line.amountFen} /> : ''),
  })
  return [
    { key: 'date', title: t('statement.date'), cell: ({ businessDate }) => businessDate },
    {
      key: 'posted',
      title: t('statement.posted'),
      onWideOnly: true,
      cell: ({ postedAt }) => <Moment at={postedAt} form="exact" />,
    },
    {
      key: 'memo',
      title: t('statement.memo'),
      cell: ({ entryId, memo }) => (
        <Link to="/ledger/entries/$entryId" params={{ entryId }} title={t('statement.entry')}>
          {memo === '' ? t('statement.entry') : memoText(memo)}
        </Link>
      ),
    },
    {
      key: 'counter',
      title: t('statement.counter'),
      onWideOnly: true,
      cell: ({ counter }) => (
        <Link to="/ledger/account" search={{ code: counter.code }} title={counter.code}>
          {nameOf(counter)}
        </Link>
      ),
    },
    amountOn('debit'),
    amountOn('credit'),
    {
      key: 'balance',
      title: t('statement.balance'),
      isNumber: true,
      cell: ({ balanceFen }) => <Amount fen={balanceFen} />,
    },
  ]
}

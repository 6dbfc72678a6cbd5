import { Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useRef, useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { useRowKeys } from '../list/use-row-keys.ts'
import { Icon } from '../shell/Icon.tsx'
import { type Account, type KindGroup, sumOf, type SubjectGroup, treeOf } from './model.ts'
import { useAccountName, useLedgerWords } from './words.ts'

type ChartTreeProps = {
  accounts: readonly Account[] | undefined
  isBusy: boolean
  /** Whether these are all: else a sum is one of this page, and says so. */
  isWhole: boolean
}

/** Kinds, under them the subjects of the accounting system, under those the accounts. j and k go from one to the next. */
export function ChartTree({ accounts, isBusy, isWhole }: ChartTreeProps) {
  const { t } = useLedgerWords()
  const frame = useRef<HTMLDivElement>(null)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  useRowKeys(frame)
  if (!accounts) return <Skeleton active paragraph={{ rows: 8 }} />
  const fold = (key: string) =>
    setFolded((before) => {
      const after = new Set(before)
      if (!after.delete(key)) after.add(key)
      return after
    })
  return (
    <div className="table-frame" ref={frame} aria-busy={isBusy}>
      <table className="data-table ledger-tree">
        <caption className="visually-hidden">{t('tabs.accounts')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('chart.account')}</th>
            <th scope="col" className="is-number on-wide-only">
              {t('chart.debit')}
            </th>
            <th scope="col" className="is-number on-wide-only">
              {t('chart.credit')}
            </th>
            <th scope="col" className="is-number on-wide-only">
              {t('chart.held')}
            </th>
            <th scope="col" className="is-number">
              {t('chart.balance')}
            </th>
          </tr>
        </thead>
        {treeOf(accounts).map((group) => (
          <KindRows
            key={group.kind}
            group={group}
            isWhole={isWhole}
            isFolded={(key) => folded.has(key)}
            onFold={fold}
          />
        ))}
      </table>
    </div>
  )
}

type KindRowsProps = {
  group: KindGroup
  isWhole: boolean
  isFolded: (key: string) => boolean
  onFold: (key: string) => void
}

function KindRows({ group: { kind, subjects }, isWhole, isFolded, onFold }: KindRowsProps) {
  const { t } = useLedgerWords()
  const accounts = subjects.flatMap((subject) => subject.accounts)
  return (
    <tbody>
      <tr className="ledger-kind">
        <th scope="rowgroup">
          {t(`kinds.${kind}`)}{' '}
          <span className="fine">
            {t(isWhole ? 'chart.group' : 'chart.onThisPage', { count: accounts.length })}
          </span>
        </th>
        <Sums accounts={accounts} />
      </tr>
      {subjects.map((subject) => (
        <SubjectRows
          key={subject.key}
          subject={subject}
          isFolded={isFolded(subject.key)}
          onFold={() => onFold(subject.key)}
        />
      ))}
    </tbody>
  )
}

function Sums({ accounts }: { accounts: readonly Account[] }) {
  return (
    <>
      <td className="is-number on-wide-only">
        <Amount fen={sumOf(accounts, 'debitFen')} />
      </td>
      <td className="is-number on-wide-only">
        <Amount fen={sumOf(accounts, 'creditFen')} />
      </td>
      <td className="on-wide-only" />
      <td className="is-number">
        <Amount fen={sumOf(accounts, 'balanceFen')} />
      </td>
    </>
  )
}

type SubjectRowsProps = { subject: SubjectGroup; isFolded: boolean; onFold: () => void }

function SubjectRows({ subject, isFolded, onFold }: SubjectRowsProps) {
  const { t } = useLedgerWords()
  const { subjectCode, subjectName, accounts } = subject
  const name = subjectName ?? t('chart.noSubject')
  return (
    <>
      <tr className="ledger-subject">
        <th scope="row">
          <Button
            type="text"
            size="small"
            aria-expanded={!isFolded}
            aria-label={t(isFolded ? 'chart.unfold' : 'chart.fold', { name })}
            icon={<Icon name={isFolded ? 'right' : 'down'} />}
            onClick={onFold}
          />{' '}
          {subjectCode !== null && <code>{subjectCode}</code>} {name}
        </th>
        <Sums accounts={accounts} />
      </tr>
      {!isFolded && accounts.map((account) => <AccountRow key={account.code} account={account} />)}
    </>
  )
}

function AccountRow({ account }: { account: Account }) {
  const { t } = useLedgerWords()
  const nameOf = useAccountName()
  const { code, zh, debitFen, creditFen, heldFen, balanceFen } = account
  return (
    <tr data-row>
      <td className="ledger-account">
        <Link to="/ledger/account" search={{ code }}>
          {nameOf(account)}
        </Link>
        <span className="fine">{zh === null ? t('chart.unnamed') : <code>{code}</code>}</span>
      </td>
      <td className="is-number on-wide-only">
        <Amount fen={debitFen} />
      </td>
      <td className="is-number on-wide-only">
        <Amount fen={creditFen} />
      </td>
      <td className="is-number on-wide-only">
        {heldFen === null || heldFen === 0 ? '' : <Amount fen={heldFen} flow="held" />}
      </td>
      <td className="is-number">
        <Amount fen={balanceFen} />
      </td>
    </tr>
  )
}

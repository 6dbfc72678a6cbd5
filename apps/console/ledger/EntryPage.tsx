import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Facts } from '../benefits/Facts.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AboutLink } from './AboutLink.tsx'
import { EntryProof } from './EntryProof.tsx'
import type { AccountName, Entry } from './model.ts'
import { useAccountName, useLedgerWords, useMemoText } from './words.ts'

/** One entry: between which accounts it moved what, why, and that it stands in the sealed books. */
export function EntryPage() {
  const { t } = useLedgerWords()
  const { entryId } = getRouteApi('/office/ledger/entries/$entryId').useParams()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/ledger/entries/{entryId}',
    { params: { path: { hospitalId, entryId } } },
  )
  const memoText = useMemoText()
  usePageTitle(t('entry.title'))
  return (
    <div className="page ledger">
      <p className="crumbs">
        <Link to="/ledger">{t('title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <header className="object-head">
            <h1>
              {t('entry.title')} {memoText(data.memo)}
            </h1>
            <AboutLink entry={data} />
          </header>
          <div className="object">
            <div className="object-main">
              <TransfersCard entry={data} />
              {data.holds.length > 0 && <HoldsCard entry={data} />}
            </div>
            <div className="object-side">
              <AboutCard entry={data} />
              <EntryProof entryId={data.id} />
            </div>
          </div>
        </>
      )}
    </div>
  )
}

function AccountLink({ account }: { account: AccountName }) {
  const nameOf = useAccountName()
  return (
    <span className="two-lines">
      <Link to="/ledger/account" search={{ code: account.code }}>
        {nameOf(account)}
      </Link>
      <code className="fine">{account.code}</code>
    </span>
  )
}

function TransfersCard({ entry: { transfers } }: { entry: Entry }) {
  const { t } = useLedgerWords()
  const sumFen = transfers.reduce((sum, { amountFen }) => sum + amountFen, 0)
  return (
    <section className="card" aria-labelledby="transfers-title">
      <h2 id="transfers-title">{t('entry.transfers')}</h2>
      <div className="bank-scroll">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col" className="on-wide-only">
                {t('entry.lineNo')}
              </th>
              <th scope="col">{t('entry.debit')}</th>
              <th scope="col">{t('entry.credit')}</th>
              <th scope="col" className="is-number">
                {t('entry.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {transfers.map(({ lineNo, debit, credit, amountFen }) => (
              <tr key={lineNo}>
                <td className="on-wide-only">{lineNo}</td>
                <td>
                  <AccountLink account={debit} />
                </td>
                <td>
                  <AccountLink account={credit} />
                </td>
                <td className="is-number">
                  <Amount fen={amountFen} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td className="on-wide-only" />
              <th scope="row" colSpan={2}>
                {t('entry.sum')}
              </th>
              <td className="is-number">
                <Amount fen={sumFen} />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function HoldsCard({ entry: { holds } }: { entry: Entry }) {
  const { t } = useLedgerWords()
  return (
    <section className="card" aria-labelledby="holds-title">
      <h2 id="holds-title">{t('entry.holds')}</h2>
      <ul className="ledger-holds">
        {holds.map(({ id, cause, credit, promisedFen, takenFen, heldAt, isEnded }) => (
          <li key={id}>
            <p>
              {t('entry.promised', { amount: amountText(promisedFen) })} ·{' '}
              {t('entry.taken', { amount: amountText(takenFen) })}{' '}
              <StatusChip
                tone={isEnded ? 'good' : 'held'}
                icon={isEnded ? 'check' : 'clock'}
                text={t(isEnded ? 'entry.ended' : 'entry.rest')}
              />
            </p>
            <AccountLink account={credit} />
            <p className="fine">
              {t('entry.held')} <Moment at={heldAt} form="exact" /> · <code>{cause}</code>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function AboutCard({ entry }: { entry: Entry }) {
  const { t } = useLedgerWords()
  const { id, businessDate, intendedDate, postedAt, memo, subject, cause } = entry
  return (
    <section className="card" aria-labelledby="about-title">
      <h2 id="about-title">{t('entry.about')}</h2>
      <Facts
        facts={[
          { name: t('entry.date'), value: businessDate },
          ...(intendedDate === null
            ? []
            : [
                {
                  name: t('entry.intended'),
                  value: t('entry.intendedNote', { date: intendedDate }),
                },
              ]),
          { name: t('entry.posted'), value: <Moment at={postedAt} form="exact" /> },
          { name: t('entry.memo'), value: memo },
          { name: t('entry.subject'), value: <code>{subject}</code> },
          { name: t('entry.cause'), value: <code>{cause}</code> },
          { name: t('entry.no'), value: <CopyText text={id} /> },
        ]}
      />
    </section>
  )
}

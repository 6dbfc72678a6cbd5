import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable, type ListQuery } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BenefitTabs } from './BenefitTabs.tsx'
import { DecideDialog } from './DecideDialog.tsx'
import { EntitlementDialog } from './EntitlementDialog.tsx'
import { type Entitlement, isProposedBy, type Programme, type Proposal } from './model.ts'
import { PatientName, usePatientNames } from './Patient.tsx'
import { DecideProgramme } from './ProgrammePage.tsx'
import { useActor, useBenefitWords, useProgrammeName } from './words.ts'

const MOST_ROWS = 200

/** What one person asked for and another has to decide on: programmes, large allotments, grants and sales of packages. */
export function WaitingPage() {
  const { t } = useBenefitWords()
  usePageTitle(t('waiting.title'))
  return (
    <div className="page bank-list benefit-page">
      <header className="page-head">
        <h1>{t('waiting.title')}</h1>
        <p className="fine on-wide-only">{t('waiting.hint')}</p>
      </header>
      <BenefitTabs at="waiting" />
      <Programmes />
      <Allotments />
      <Entitlements />
    </div>
  )
}

function Programmes() {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const nameOf = useProgrammeName()
  const [openId, setOpenId] = useState<string | null>(null)
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/benefit-programmes', {
    params: { path: { hospitalId }, query: { status: 'proposed', limit: MOST_ROWS } },
  })
  const opened = list.data?.items.find(({ id }) => id === openId)
  const columns: Column<Programme>[] = [
    {
      key: 'name',
      title: t('programmes.name'),
      cell: ({ id, name, terms }) => (
        <span className="two-lines">
          <Link to="/benefits/$programmeId" params={{ programmeId: id }}>
            {nameOf(name)}
          </Link>
          <span className="fine">{t(`kinds.${terms.kind}`)}</span>
        </span>
      ),
    },
    ...useAskedColumns<Programme>(setOpenId),
  ]
  return (
    <Part name="programmes" rows={list.data?.items} query={list} columns={columns}>
      {opened && <DecideProgramme programme={opened} onClose={() => setOpenId(null)} />}
    </Part>
  )
}

function Allotments() {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [openId, setOpenId] = useState<string | null>(null)
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/benefit-allotment-proposals', {
    params: { path: { hospitalId } },
  })
  const opened = list.data?.items.find(({ id }) => id === openId)
  const columns: Column<Proposal>[] = [
    {
      key: 'document',
      title: t('allot.document'),
      cell: ({ document, programmeId }) => (
        <Link to="/benefits/$programmeId" params={{ programmeId }}>
          {document}
        </Link>
      ),
    },
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
    ...useAskedColumns<Proposal>(setOpenId),
  ]
  return (
    <Part name="allotments" rows={list.data?.items} query={list} columns={columns}>
      {opened && <DecideAllotment proposal={opened} onClose={() => setOpenId(null)} />}
    </Part>
  )
}

function DecideAllotment({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) {
  const { t } = useBenefitWords()
  const actorName = useActor()
  const { id, amountFen, document, proposedBy } = proposal
  return (
    <DecideDialog
      decided={{ kind: 'allotment', id }}
      title={t('decide.allotment')}
      facts={[
        { name: t('allot.document'), value: document },
        { name: t('amount'), value: <Amount fen={amountFen} /> },
        { name: t('proposedBy'), value: actorName(proposedBy) },
      ]}
      proposedBy={proposedBy}
      agree={t('decide.agreeAllotment', { amount: amountText(amountFen) })}
      onClose={onClose}
    />
  )
}

function Entitlements() {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [openId, setOpenId] = useState<string | null>(null)
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/benefit-entitlements', {
    params: { path: { hospitalId }, query: { status: 'proposed', limit: MOST_ROWS } },
  })
  const rows = list.data?.items
  const nameOf = usePatientNames(rows?.map(({ personId }) => personId))
  const opened = rows?.find(({ id }) => id === openId)
  const columns: Column<Entitlement>[] = [
    {
      key: 'person',
      title: t('person'),
      cell: ({ personId }) => <PatientName personId={personId} patient={nameOf(personId)} />,
    },
    {
      key: 'what',
      title: t('waiting.what'),
      onWideOnly: true,
      cell: ({ kind, document }) => (
        <span className="two-lines">
          <span>{t(kind === 'package' ? 'waiting.sale' : `kinds.${kind}`)}</span>
          <span className="fine">{document}</span>
        </span>
      ),
    },
    ...useAskedColumns<Entitlement>(setOpenId),
  ]
  return (
    <Part name="entitlements" rows={rows} query={list} columns={columns}>
      {opened && (
        <EntitlementDialog
          entitlement={opened}
          patient={nameOf(opened.personId)}
          onClose={() => setOpenId(null)}
        />
      )}
    </Part>
  )
}

type Asked = { id: string; proposedBy: string; proposedAt: string }

/** Who asked and when, and the way to decide on it. */
function useAskedColumns<Row extends Asked>(onOpen: (id: string) => void): Column<Row>[] {
  const { t } = useBenefitWords()
  const actorName = useActor()
  const staff = useStaff()
  const mayDecide = ({ proposedBy }: Asked) =>
    may(staff, 'grantBenefits') && !isProposedBy(proposedBy, staff)
  return [
    {
      key: 'asked',
      title: t('proposedBy'),
      onWideOnly: true,
      cell: ({ proposedBy, proposedAt }) => (
        <span className="two-lines">
          {actorName(proposedBy)}
          <Moment at={proposedAt} form="exact" />
        </span>
      ),
    },
    {
      key: 'act',
      title: t('act'),
      cell: (row) => (
        <Button
          size="small"
          type={mayDecide(row) ? 'primary' : 'default'}
          onClick={() => onOpen(row.id)}
        >
          {t(mayDecide(row) ? 'decide.open' : 'look')}
        </Button>
      ),
    },
  ]
}

type PartProps<Row> = {
  name: 'programmes' | 'allotments' | 'entitlements'
  rows: readonly Row[] | undefined
  query: ListQuery
  columns: readonly Column<Row>[]
  children: ReactNode
}

function Part<Row extends Asked>({ name, rows, query, columns, children }: PartProps<Row>) {
  const { t } = useBenefitWords()
  return (
    <section className="card" aria-labelledby={`waiting-${name}`}>
      <h2 id={`waiting-${name}`}>{t(`waiting.${name}`)}</h2>
      <DataTable
        label={t(`waiting.${name}`)}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        query={query}
        empty={<Empty text={t('waiting.empty')} />}
      />
      {children}
    </section>
  )
}

import { Button } from 'antd'
import { type ReactNode, useState } from 'react'

import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import { today } from '../clock.ts'
import { type Column, DataTable, type ListQuery } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { inForceOf, isProposedBy, standingOf, type Terms, type TermsFact } from './model.ts'
import { type Decide, TermsDialog } from './TermsDialog.tsx'
import { LOOK_OF_STANDING, useTermsWords } from './words.ts'

type TermsTableProps = {
  label: string
  empty: string
  rows: readonly Terms[] | undefined
  query: ListQuery
  /** What they are about: the provider, the year. */
  nameOf: (terms: Terms) => string
  factsOf: (terms: Terms) => TermsFact[]
  /** What stands in their place until something is agreed to. */
  standardFactsOf?: (terms: Terms) => TermsFact[] | null
  useDecide: Decide
  /** To begin another with these. */
  again?: (terms: Terms) => ReactNode
}

/** What was proposed, agreed to and refused, the newest first; each opens in words, to be decided on by a second person. */
export function TermsTable(props: TermsTableProps) {
  const { label, empty, rows, query, nameOf, factsOf, standardFactsOf, useDecide } = props
  const [openId, setOpenId] = useState<string | null>(null)
  const opened = rows?.find(({ id }) => id === openId)
  const columns = useColumns(props, setOpenId)
  const inForce = opened && inForceOf(opened.name, rows ?? [], today())
  const isCurrent = opened !== undefined && inForce?.id === opened.id
  const before = inForce ? factsOf(inForce) : opened ? (standardFactsOf?.(opened) ?? null) : null
  return (
    <>
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        query={query}
        isMarked={({ status }) => status === 'proposed'}
        empty={<Empty text={empty} />}
      />
      {opened && (
        <TermsDialog
          terms={opened}
          title={`${label} · ${nameOf(opened)}`}
          facts={factsOf(opened)}
          before={isCurrent ? null : before}
          useDecide={useDecide}
          onClose={() => setOpenId(null)}
        />
      )}
    </>
  )
}

function useColumns(
  { rows, nameOf, again }: TermsTableProps,
  onOpen: (id: string) => void,
): Column<Terms>[] {
  const { t } = useTermsWords()
  const actorName = useActorName()
  const standing = (terms: Terms) => standingOf(terms, rows ?? [], today())
  const signature = (actor: string | null, at: string | null) =>
    actor !== null && at !== null ? (
      <span className="two-lines">
        {actorName(actor)}
        <Moment at={at} form="exact" />
      </span>
    ) : (
      '—'
    )
  return [
    {
      key: 'name',
      title: t('name'),
      cell: (terms) => (
        <span className="two-lines">
          <strong>{nameOf(terms)}</strong>
          <span className="fine">{t('from', { day: terms.validFrom })}</span>
        </span>
      ),
    },
    {
      key: 'standing',
      title: t('standing'),
      cell: (terms) => (
        <StatusChip
          {...LOOK_OF_STANDING[standing(terms)]}
          text={t(`standings.${standing(terms)}`)}
        />
      ),
    },
    {
      key: 'proposed',
      title: t('proposedBy'),
      onWideOnly: true,
      cell: ({ proposedBy, proposedAt }) => signature(proposedBy, proposedAt),
    },
    {
      key: 'decided',
      title: t('decidedBy'),
      onWideOnly: true,
      cell: ({ decidedBy, decidedAt }) => signature(decidedBy, decidedAt),
    },
    {
      key: 'act',
      title: t('act'),
      cell: (terms) => (
        <span className="bank-acts">
          <ActButton terms={terms} onOpen={onOpen} />
          {again?.(terms)}
        </span>
      ),
    },
  ]
}

function ActButton({ terms, onOpen }: { terms: Terms; onOpen: (id: string) => void }) {
  const { t } = useTermsWords()
  const staff = useStaff()
  const mayDecide =
    terms.status === 'proposed' && may(staff, 'reconcile') && !isProposedBy(terms, staff)
  return (
    <Button size="small" type={mayDecide ? 'primary' : 'default'} onClick={() => onOpen(terms.id)}>
      {t(mayDecide ? 'decide' : 'look')}
    </Button>
  )
}

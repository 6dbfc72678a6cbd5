import { Button } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { EntitlementDialog } from './EntitlementDialog.tsx'
import type { Entitlement, Patient } from './model.ts'
import { PatientName, usePatientNames } from './Patient.tsx'
import { ReasonDialog } from './ReasonDialog.tsx'
import { useRevoke } from './use-benefits.ts'
import { LOOK_OF_ENTITLEMENT, useBenefitWords } from './words.ts'

const MOST_ROWS = 100

/** The latest that people were granted of a programme, by which paper. */
export function EntitlementsCard({ programmeId }: { programmeId: string }) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [openId, setOpenId] = useState<string | null>(null)
  const [revokedId, setRevokedId] = useState<string | null>(null)
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/benefit-entitlements', {
    params: { path: { hospitalId }, query: { programmeId, limit: MOST_ROWS } },
  })
  const rows = list.data?.items
  const nameOf = usePatientNames(rows?.map(({ personId }) => personId))
  const opened = rows?.find(({ id }) => id === openId)
  return (
    <section className="card" aria-labelledby="entitlements-title">
      <h2 id="entitlements-title">{t('entitlements.title')}</h2>
      <DataTable
        label={t('entitlements.title')}
        columns={useColumns({ nameOf, onOpen: setOpenId, onRevoke: setRevokedId })}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ status }) => status === 'proposed'}
        empty={<Empty text={t('entitlements.empty')} />}
      />
      {opened && (
        <EntitlementDialog
          entitlement={opened}
          patient={nameOf(opened.personId)}
          onClose={() => setOpenId(null)}
        />
      )}
      {revokedId && <RevokeDialog id={revokedId} onClose={() => setRevokedId(null)} />}
    </section>
  )
}

type Acts = {
  nameOf: (personId: string) => Patient | null
  onOpen: (id: string) => void
  onRevoke: (id: string) => void
}

function useColumns({ nameOf, onOpen, onRevoke }: Acts): Column<Entitlement>[] {
  const { t } = useBenefitWords()
  const isFinance = may(useStaff(), 'grantBenefits')
  return [
    {
      key: 'person',
      title: t('person'),
      cell: ({ personId }) => <PatientName personId={personId} patient={nameOf(personId)} />,
    },
    {
      key: 'document',
      title: t('entitlements.document'),
      onWideOnly: true,
      cell: ({ document, validUntil }) => (
        <span className="two-lines">
          <span>{document}</span>
          <span className="fine">{t('programmes.until', { day: validUntil })}</span>
        </span>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF_ENTITLEMENT[status]} text={t(`statuses.entitlement.${status}`)} />
      ),
    },
    {
      key: 'used',
      title: t('entitlements.used'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ usedFen }) => <Amount fen={usedFen} />,
    },
    {
      key: 'act',
      title: t('act'),
      cell: ({ id, status }) => (
        <span className="bank-acts">
          <Button size="small" onClick={() => onOpen(id)}>
            {t(status === 'proposed' && isFinance ? 'decide.open' : 'look')}
          </Button>
          {status === 'active' && isFinance && (
            <Button size="small" danger onClick={() => onRevoke(id)}>
              {t('revoke.open')}
            </Button>
          )}
        </span>
      ),
    },
  ]
}

function RevokeDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const revoke = useRevoke({ hospitalId, id }, { words: t('revoke.done'), onDone: onClose })
  return (
    <ReasonDialog
      title={t('revoke.title')}
      hint={t('revoke.hint')}
      act={t('revoke.open')}
      change={revoke}
      onClose={onClose}
    />
  )
}

import { Link } from '@tanstack/react-router'

import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import type { Figure } from './figures.ts'
import { useStopPeople } from './use-clinics.ts'
import { type StoppedPerson, useClinicWords } from './words.ts'

/** The people behind one figure of a stop. */
export function PeopleTable({ stopId, figure }: { stopId: string; figure: Figure }) {
  const { t } = useClinicWords()
  const list = useStopPeople(stopId, figure)
  const rows = list.data?.items.filter(({ outcome }) => figure !== 'told' || outcome !== 'untold')
  return (
    <>
      <DataTable
        label={t(`figures.${figure}`)}
        columns={useColumns()}
        rows={rows}
        rowKey={({ appointment }) => appointment.id}
        query={list}
        empty={<Empty text={t('nobody')} />}
      />
      {list.data?.next && <p className="fine">{t('more')}</p>}
    </>
  )
}

function useColumns(): Column<StoppedPerson>[] {
  const { t } = useClinicWords()
  return [
    {
      key: 'number',
      title: t('number'),
      cell: ({ appointment: { slotNumber } }) => slotNumber ?? '—',
    },
    { key: 'name', title: t('person'), cell: ({ name }) => name },
    {
      key: 'at',
      title: t('time'),
      onWideOnly: true,
      cell: ({ appointment }) => <Moment at={appointment.startsAt} />,
    },
    {
      key: 'outcome',
      title: t('state'),
      cell: ({ outcome, appointment: { chooseUntil } }) => (
        <>
          {t(`figures.${outcome}`)}
          {outcome === 'deciding' && (
            <>
              <br />
              <span className="fine">
                {t('until')} <Moment at={chooseUntil} />
              </span>
            </>
          )}
        </>
      ),
    },
    {
      key: 'fee',
      title: t('fee'),
      isNumber: true,
      cell: ({ appointment: { feeFen, paymentId } }) =>
        paymentId === null ? (
          amountText(feeFen)
        ) : (
          <Link to="/payments/$paymentId" params={{ paymentId }}>
            {amountText(feeFen)}
          </Link>
        ),
    },
  ]
}

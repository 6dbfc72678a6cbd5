import { Button, Select, Skeleton } from 'antd'

import { minutesOf } from '../../web/waiting.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useBoard, useCallNext, useTicketAct, useTransfer } from './use-queue.ts'
import { ACTS_OF, type Line, lineName, type Place, useQueueWords } from './words.ts'

/** One line live, with what may be done with each who is in it. */
export function BoardCard({ line, others, room }: BoardCardProps) {
  const { t } = useQueueWords()
  const board = useBoard(line.id)
  const call = useCallNext(line, t('desk.called'))
  const act = useTicketAct(t('desk.done'))
  const transfer = useTransfer(t('desk.done'))
  const places = board.data?.places
  const waiting = places?.filter(({ state }) => state === 'waiting').length ?? 0
  const columns = useColumns({
    targets: others.filter(({ id }) => id !== line.id),
    onAct: act.mutate,
    onTransfer: transfer.mutate,
    isBusy: act.isPending || transfer.isPending,
  })
  const failed = call.error ?? act.error ?? transfer.error
  return (
    <section className="card" aria-label={lineName(line)}>
      <div className="queue-head">
        <h2>
          {lineName(line)} <span className="fine">{line.location}</span>
        </h2>
        <StatusChip
          tone={board.isLive ? 'good' : 'plain'}
          icon={board.isLive ? 'check' : 'clock'}
          text={t(board.isLive ? 'desk.live' : 'desk.notLive')}
        />
        <Button
          type="primary"
          size="large"
          loading={call.isPending}
          disabled={room === '' || waiting === 0}
          onClick={() => call.mutate(room)}
        >
          {t('desk.callNext')}
        </Button>
      </div>
      {room === '' && <p className="notice-held">{t('desk.sayRoom')}</p>}
      {failed ? <Fault error={failed} /> : null}
      {!board.data && board.error === null && <Skeleton active paragraph={{ rows: 4 }} />}
      {(board.data || board.error !== null) && (
        <DataTable
          label={lineName(line)}
          columns={columns}
          rows={places}
          rowKey={({ ticketId }) => ticketId}
          query={board}
          empty={<Empty text={t('desk.nobody')} />}
          isMarked={({ state }) => state === 'called'}
        />
      )}
    </section>
  )
}

type Acting = {
  targets: readonly Line[]
  onAct: ReturnType<typeof useTicketAct>['mutate']
  onTransfer: ReturnType<typeof useTransfer>['mutate']
  isBusy: boolean
}

function useColumns({ targets, onAct, onTransfer, isBusy }: Acting): Column<Place>[] {
  const { t } = useQueueWords()
  return [
    { key: 'number', title: t('desk.number'), isNumber: true, cell: ({ number }) => number },
    {
      key: 'name',
      title: t('desk.name'),
      cell: ({ name, priority }) => (
        <>
          {name}
          {priority !== null && priority !== 'ordinary' && (
            <>
              {' '}
              <span className="fine">{t(`priorities.${priority}`)}</span>
            </>
          )}
        </>
      ),
    },
    {
      key: 'state',
      title: t('desk.state'),
      cell: ({ state, room }) => [t(`states.${state}`), room].filter(Boolean).join(' · '),
    },
    {
      key: 'waiting',
      title: t('desk.waits'),
      onWideOnly: true,
      cell: ({ waiting }) => waiting && t('about', minutesOf(waiting)),
    },
    {
      key: 'acts',
      title: t('desk.acts'),
      cell: (place) => (
        <div className="queue-acts">
          {ACTS_OF[place.state].map((act) => (
            <Button
              key={act}
              size="small"
              disabled={isBusy}
              aria-label={`${t(`acts.${act}`)} ${place.number}`}
              onClick={() => onAct({ place, act })}
            >
              {t(`acts.${act}`)}
            </Button>
          ))}
          {place.state !== 'passed' && targets.length > 0 && (
            <Select
              size="small"
              aria-label={`${t('desk.sendTo')} ${place.number}`}
              placeholder={t('desk.sendTo')}
              disabled={isBusy}
              value={null}
              popupMatchSelectWidth={false}
              options={targets.map((line) => ({ value: line.id, label: lineName(line) }))}
              onChange={(lineId: string | null) => lineId && onTransfer({ place, lineId })}
            />
          )}
        </div>
      ),
    },
  ]
}

type BoardCardProps = { line: Line; others: readonly Line[]; room: string }

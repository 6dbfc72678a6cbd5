import { Input, Select, Skeleton } from 'antd'
import { useState } from 'react'

import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BoardCard } from './BoardCard.tsx'
import { ArriveForm, OpenLineForm } from './forms.tsx'
import { QueueTabs } from './QueueTabs.tsx'
import { useLines } from './use-queue.ts'
import { lineName, useQueueWords } from './words.ts'

/** The desk before the rooms: who is here, who is next, and what is done with each. */
export function DeskPage() {
  const { t } = useQueueWords()
  const staff = useStaff()
  usePageTitle(t('desk.title'))
  const lines = useLines()
  const [chosen, choose] = useState<string | null>(null)
  const [room, setRoom] = useState(() => localStorage.getItem(ROOM_KEY) ?? '')
  const items = lines.data?.items
  const line = items?.find(({ id }) => id === chosen) ?? items?.[0]
  const keepRoom = (text: string) => {
    localStorage.setItem(ROOM_KEY, text)
    setRoom(text)
  }
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('desk.title')}</h1>
        <p className="fine on-wide-only">{t('desk.hint')}</p>
      </header>
      <QueueTabs at="desk" />
      {lines.error !== null && <Fault error={lines.error} onRetry={() => void lines.refetch()} />}
      {!items && lines.error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {items?.length === 0 && <Empty text={t('desk.none')} />}
      {items && line && (
        <>
          <div className="filters">
            <label className="queue-pick">
              <span>{t('desk.line')}</span>
              <Select
                aria-label={t('desk.line')}
                value={line.id}
                options={items.map((one) => ({ value: one.id, label: lineName(one) }))}
                onChange={choose}
              />
            </label>
            <label className="queue-pick">
              <span>{t('desk.room')}</span>
              <Input
                value={room}
                maxLength={60}
                onChange={({ target }) => keepRoom(target.value)}
              />
            </label>
          </div>
          <BoardCard key={line.id} line={line} others={items} room={room.trim()} />
        </>
      )}
      {items && may(staff, 'workQueue') && <ArriveForm line={line} />}
      {items && may(staff, 'workQueue') && <OpenLineForm />}
    </div>
  )
}

const ROOM_KEY = 'yiqiao.console.room'

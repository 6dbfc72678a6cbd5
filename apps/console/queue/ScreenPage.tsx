import { useEffect, useState } from 'react'

import { useLive } from '../../web/live.ts'
import { minutesOf } from '../../web/waiting.ts'
import { type CallSaid, newCalls } from './calling.ts'
import { type Board, lineName, useQueueWords } from './words.ts'

/**
 * The screen on a wall: who is called, very large, and who is next. Nobody signs in at it: the part of its address after #
 * proves which screen it is, and is sent to no server but in a header.
 */
export function ScreenPage() {
  const { t } = useQueueWords()
  const [hospitalId, screenId, token] = window.location.hash.slice(1).split('.')
  const isProven = Boolean(hospitalId && screenId && token)
  const [boards, setBoards] = useState<ReadonlyMap<string, Board>>(new Map())
  const [isLive, setLive] = useState<boolean | null>(null)
  const [said, say] = useState<CallSaid | null>(null)
  useLive({
    path: isProven ? `/v1/hospitals/${hospitalId}/queue/screens/${screenId}/events` : null,
    headers: { 'x-screen-token': token ?? '' },
    onState: setLive,
    onEvent: ({ event, data }) => {
      if (event === 'lines') {
        const { lineIds } = data as { lineIds: string[] }
        setBoards((known) => new Map([...known].filter(([id]) => lineIds.includes(id))))
        return
      }
      const board = data as Board
      const calls = newCalls(boards.get(board.line.id), board)
      setBoards((known) => new Map(known).set(board.line.id, board))
      const last = calls.at(-1)
      if (last) say(last)
    },
  })
  const words = said && t('screen.call', { ...said })
  useEffect(() => {
    document.title = t('screen.title')
  }, [t])
  useEffect(() => {
    if (words === null || !('speechSynthesis' in window)) return
    // Plain text: what is read out is what stands there.
    const speech = new SpeechSynthesisUtterance(words)
    speech.lang = 'zh-CN'
    window.speechSynthesis.speak(speech)
  }, [words])
  return (
    <main className="screen">
      <h1 className="screen-title">{t('screen.title')}</h1>
      <p className="screen-said" role="status">
        {words ?? t('screen.quiet')}
      </p>
      {(!isProven || isLive === false) && (
        <p className="screen-fault" role="alert">
          {t(isProven ? 'screen.notLive' : 'screen.unproven')}
        </p>
      )}
      {isProven && isLive === null && <p className="screen-fault">{t('screen.loading')}</p>}
      <div className="screen-lines">
        {[...boards.values()].map((board) => (
          <ScreenLine key={board.line.id} board={board} />
        ))}
      </div>
    </main>
  )
}

const SHOWN_WAITING = 6

function ScreenLine({ board: { line, places } }: { board: Board }) {
  const { t } = useQueueWords()
  const called = places.filter(({ state }) => state === 'called' || state === 'in_service')
  const waiting = places.filter(({ state }) => state === 'waiting').slice(0, SHOWN_WAITING)
  return (
    <section className="screen-line" aria-label={lineName(line)}>
      <h2>{lineName(line)}</h2>
      <p className="screen-where">{line.location}</p>
      <ul>
        {called.map(({ ticketId, number, name, room, state }) => (
          <li key={ticketId} className={`screen-called screen-${state}`}>
            <strong>{t('screen.number', { number })}</strong> {name}
            <span>{state === 'called' ? t('screen.goTo', { room }) : t('states.in_service')}</span>
          </li>
        ))}
        {waiting.map(({ ticketId, number, name, waiting: time }) => (
          <li key={ticketId}>
            <strong>{t('screen.number', { number })}</strong> {name}
            <span>{time && t('about', minutesOf(time))}</span>
          </li>
        ))}
        {called.length + waiting.length === 0 && <li>{t('desk.nobody')}</li>}
      </ul>
    </section>
  )
}

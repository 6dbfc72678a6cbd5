import type { RefObject } from 'react'

import { useShortcut } from '../shell/shortcuts.ts'

/** j and k go through the rows of the list; Enter then opens, as the focus stands on a link. */
export function useRowKeys(frame: RefObject<HTMLElement | null>): void {
  useShortcut('j', () => step(frame.current, 1))
  useShortcut('k', () => step(frame.current, -1))
}

function step(frame: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(frame?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by
  rows[next]?.querySelector<HTMLElement>('a, button')?.focus()
}

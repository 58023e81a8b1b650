/** Many buttons in a table are one stop of the tab key; arrows move within, as in a spreadsheet. */

/** Gives a table whose cells hold buttons the keys of a grid. */
export function moveByArrows(table: HTMLTableElement): void {
  table.addEventListener('keydown', (event) => {
    const target = event.target instanceof HTMLButtonElement ? event.target : undefined;
    const next = target === undefined ? undefined : nextOf(table, target, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  table.addEventListener('focusin', (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    table.querySelector('button[tabindex="0"]')?.setAttribute('tabindex', '-1');
    event.target.setAttribute('tabindex', '0');
  });
}

function nextOf(
  table: HTMLTableElement,
  from: HTMLButtonElement,
  key: string,
): HTMLButtonElement | undefined {
  const cell = from.closest('td');
  const row = from.closest('tr');
  if (cell === null || row === null) return undefined;
  const inRow = [...row.querySelectorAll('button')];
  const place = inRow.indexOf(from);
  switch (key) {
    case 'ArrowRight':
      return inRow[place + 1];
    case 'ArrowLeft':
      return inRow[place - 1];
    case 'Home':
      return inRow[0];
    case 'End':
      return inRow.at(-1);
    case 'ArrowDown':
      return inColumn(table, columnOf(row, cell), row, 1);
    case 'ArrowUp':
      return inColumn(table, columnOf(row, cell), row, -1);
    default:
      return undefined;
  }
}

/** The nearest button above or below; rows without one in this column are passed over. */
function inColumn(
  table: HTMLTableElement,
  column: number,
  row: HTMLTableRowElement,
  step: 1 | -1,
): HTMLButtonElement | undefined {
  const rows = [...table.rows];
  for (let index = rows.indexOf(row) + step; index >= 0 && index < rows.length; index += step) {
    const cells = [...(rows[index]?.cells ?? [])];
    const button = cells.find((cell) => endOf(cells, cell) > column)?.querySelector('button');
    if (button) return button;
  }
  return undefined;
}

/** First column of a cell, where cells before it may span several. */
function columnOf(row: HTMLTableRowElement, cell: HTMLTableCellElement): number {
  return endOf([...row.cells], cell) - cell.colSpan;
}

function endOf(cells: readonly HTMLTableCellElement[], cell: HTMLTableCellElement): number {
  return cells.slice(0, cells.indexOf(cell) + 1).reduce((sum, { colSpan }) => sum + colSpan, 0);
}

/**
 * A table about tables: `table` and `data_table`, whose limits span rows.
 * @see https://docs.slack.dev/reference/block-kit/blocks/table-block
 * @see https://docs.slack.dev/reference/block-kit/blocks/data-table-block
 */
import { isObject, type Json } from "../json.ts";
import { textLength } from "../text-length.ts";
import { richText } from "./rich-text.ts";
import {
  choice,
  type Fault,
  flag,
  list,
  number,
  type ObjectShape,
  object,
  type Rule,
  type Shape,
  text,
  typed,
} from "./shape.ts";

/** Characters in all cells of all tables of one message. */
const CELL_TEXT_MAX = 10_000;
const COLUMNS_MAX = 20;
const ANY_LENGTH = 40_000;

const rawText: ObjectShape = object({ text: text(ANY_LENGTH) });
const rawNumber: ObjectShape = object({ value: number(), text: text(ANY_LENGTH) });
const cell: Shape = typed(() => ({ raw_text: rawText, raw_number: rawNumber, rich_text: richText }));
const BLOCK = { block_id: text(255) };

/** At most 100 rows of 20 cells. */
export const table: ObjectShape = object(
  { rows: list(list(cell, COLUMNS_MAX), 100) },
  {
    ...BLOCK,
    column_settings: list(object({}, { align: choice("left", "center", "right"), is_wrapped: flag }), COLUMNS_MAX),
  },
);

/** A header and 1 to 100 rows, all of the same width. */
export const dataTable: ObjectShape = object(
  { rows: list(list(cell, COLUMNS_MAX), 101, 2), caption: text(ANY_LENGTH) },
  { ...BLOCK, page_size: number(1, 100), row_header_column_index: number(0, COLUMNS_MAX - 1) },
  rowsAreEven(),
  headerIsPlain(),
);

/** What holds over all tables of a message: one `table` at most, and not too much in the cells. */
export function checkTables(blocks: readonly Json[], pointer: string): readonly Fault[] {
  const tables = blocks.filter(
    (block) => isObject(block) && (block["type"] === "table" || block["type"] === "data_table"),
  );
  const plain = tables.filter((block) => isObject(block) && block["type"] === "table");
  const sum = tables.reduce<number>((total, block) => total + (isObject(block) ? textLength(block["rows"]) : 0), 0);
  return [
    ...(plain.length > 1 ? [{ pointer, message: "only one table is allowed per message" }] : []),
    ...(sum > CELL_TEXT_MAX
      ? [{ pointer, message: `table cells must be less than ${CELL_TEXT_MAX + 1} characters in all` }]
      : []),
  ];
}

function rowsAreEven(): Rule {
  return (value, pointer) => {
    const widths = rowsOf(value["rows"]).map((row) => row.length);
    const at = widths.findIndex((width) => width !== widths[0]);
    return at < 0 ? [] : [{ pointer: `${pointer}/rows/${at}`, message: "all rows must have the same number of cells" }];
  };
}

function headerIsPlain(): Rule {
  return (value, pointer) => {
    const header = rowsOf(value["rows"])[0] ?? [];
    const at = header.findIndex((one) => isObject(one) && one["type"] === "rich_text");
    return at < 0 ? [] : [{ pointer: `${pointer}/rows/0/${at}/type`, message: "unsupported type: rich_text" }];
  };
}

function rowsOf(rows: Json | undefined): readonly (readonly Json[])[] {
  return Array.isArray(rows) ? rows.filter((row): row is readonly Json[] => Array.isArray(row)) : [];
}

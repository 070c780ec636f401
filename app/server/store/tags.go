package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"dozvon/app/server/store/form"
	"dozvon/client"
)

// tagLists counts the cards that have the same tags, as they stand in the column: the index *_tagged has those that
// have some, and a school has few such lists beside its cards.
const tagLists = "SELECT tags, COUNT(*) FROM %s WHERE deleted_at = 0 AND tags <> '[]' GROUP BY tags"

// CardTags lists the tags that living cards of a kind have, each with how many have it, the most frequent first.
func (s *Store) CardTags(ctx context.Context, kind client.SubjectKind) ([]client.TagUse, error) {
	return cardTags(s.reads(ctx), kind)
}

func cardTags(r reader, kind client.SubjectKind) ([]client.TagUse, error) {
	rows, err := r.query(fmt.Sprintf(tagLists, tables[kind]))
	if err != nil {
		return nil, fmt.Errorf("counting tags: %w", err)
	}
	uses := map[string]int{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var raw string
		var cards int
		if err := rows.Scan(&raw, &cards); err != nil {
			return struct{}{}, err
		}
		tags, err := form.ReadTags(raw)
		for _, tag := range tags {
			uses[tag] += cards
		}
		return struct{}{}, err
	})
	all := make([]client.TagUse, 0, len(uses))
	for tag, cards := range uses {
		all = append(all, client.TagUse{Tag: tag, Cards: cards})
	}
	slices.SortFunc(all, func(a, b client.TagUse) int { return cmp.Or(b.Cards-a.Cards, cmp.Compare(a.Tag, b.Tag)) })
	return all, err
}

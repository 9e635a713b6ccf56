package web

import "net/url"

// SpaceFeed is the address of the feed of a space, without the ending that says the format.
func SpaceFeed(space string) string { return "/spaces/" + url.PathEscape(space) + "/feed" }

// TopicFeed is that of the feed of a topic of a space.
func TopicFeed(space, topic string) string {
	return "/spaces/" + url.PathEscape(space) + "/topics/" + url.PathEscape(topic) + "/feed"
}

// TagFeed is that of the feed of a tag.
func TagFeed(tag string) string { return "/tags/" + url.PathEscape(tag) + "/feed" }
